package org.llmroutes.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Thoughts and answers as models write them, in pieces that end anywhere. */
class ThoughtSplitterTest {
  private static final String ANSWER = "Herons eat fish [1].";

  private final Heard heard = new Heard();

  private Thinking split(Thinking expected, boolean limited, String text, int size) {
    ThoughtSplitter splitter = new ThoughtSplitter(expected, heard);
    IntStream.iterate(0, from -> from < text.length(), from -> from + size)
        .forEach(from -> splitter.text(text.substring(from, Math.min(from + size, text.length()))));
    splitter.end(limited);
    return splitter.thinking();
  }

  private static Stream<Arguments> inAllSizes(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Stream.of(1, 2, 3, 7, 1000).map(size -> Arguments.of(text, size)));
  }

  static Stream<Arguments> ends() {
    return inAllSizes(
        List.of(
            "<|im_end|>",
            "<|eot_id|>\n",
            "</s>",
            "\n<end_of_turn>\n<end_of_turn>",
            "<|im_end|>\n<|im_start|>user\nAnd what do frogs eat?"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatEndsATurnIsNoPartOfIt(String end, int size) {
    split(Thinking.UNKNOWN, false, ANSWER + end, size);
    assertThat(heard.answer().strip()).isEqualTo(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ChatML ends a turn with `<|im_end|>`.", "A <s>word</s> that is struck out."})
  void anAnswerMayNameWhatEndsATurn(String answer) {
    split(Thinking.UNKNOWN, false, answer, 1);
    assertThat(heard.answer()).isEqualTo(answer);
  }

  static Stream<Arguments> marked() {
    return inAllSizes(
        List.of(
            "<think>Okay, herons.</think>",
            "<think>\nOkay, herons.\n\n</think>\n\n",
            "\n<think></think>\n\n<think>Twice.</think>",
            "<thinking>Okay.</thinking>\n",
            "<thought>Okay.</thought>",
            "<Reasoning>Okay.</Reasoning>",
            "<seed:think>Okay.</seed:think>",
            "<think reason=\"none\">Okay.</think>",
            "<think>Is 3 < 4? [1] says </thi so.</think>",
            "[THINK]Okay.[/THINK]",
            "◁think▷Okay.◁/think▷",
            "<|begin_of_thought|>Okay.<|end_of_thought|>\n\n",
            "<|START_THINKING|>Okay.<|END_THINKING|><|START_RESPONSE|>",
            "<|channel>thought\nOkay.<channel|>",
            "<|channel|>analysis<|message|>Okay.<|end|><|start|>assistant<|channel|>final<|message|>",
            "<|channel|>analysis<|message|>Okay.<|end|><|start|>assistant<|channel|>commentary to=functions.x"
                + " <|constrain|>json<|message|>{}<|call|><|start|>assistant<|channel|>final<|message|>",
            "\n</think>\n\n"));
  }

  @ParameterizedTest
  @MethodSource("marked")
  void thoughtsBetweenTheirMarksAreNoAnswer(String thoughts, int size) {
    split(Thinking.UNKNOWN, false, thoughts + ANSWER, size);

    assertThat(heard.answer()).isEqualTo(ANSWER);
    assertThat(heard.begunAgain).isZero();
    assertThat("\n</think>\n\n".equals(thoughts) || heard.thoughts.length() > 0).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<|return|>", "<|end|>"})
  void theEndOfTheFinalChannelIsNoAnswer(String end) {
    split(Thinking.UNKNOWN, false, "<|channel|>final<|message|>" + ANSWER + end, 3);
    assertThat(heard.answer()).isEqualTo(ANSWER);
  }

  static Stream<Arguments> unopened() {
    return inAllSizes(
        List.of(
            "Herons, then. Source one says so.\n</think>\n\n",
            "Herons live on fish.</think>",
            "Herons live on fish </think>\n",
            "analysisWhat they eat is in source one.assistantfinal",
            "Here is my thought process:\nSource one says it.\n\nHere is my response:\n\n",
            "Use `ls` and ```code``` now.\n\n[/THINK]"));
  }

  @ParameterizedTest
  @MethodSource("unopened")
  void aTagThatTheTemplateOpenedTakesBackWhatCameBefore(String thoughts, int size) {
    assertThat(split(Thinking.UNKNOWN, false, thoughts + ANSWER, size))
        .isEqualTo(Thinking.OPENED_BY_TEMPLATE);
    assertThat(heard.answer()).isEqualTo(ANSWER);
    assertThat(heard.begunAgain).isLessThanOrEqualTo(1);
    assertThat(heard.thoughts.toString()).startsWith(thoughts.substring(0, 20));
  }

  @Test
  void whatWasHandedOutBeforeTheTagIsTakenBackOnce() {
    split(Thinking.UNKNOWN, false, "Herons, then.\n</think>\n\n" + ANSWER, 3);
    assertThat(heard.begunAgain).isOne();
  }

  @ParameterizedTest
  @MethodSource("unopened")
  void ofAModelThatIsKnownForItNothingIsTakenBack(String thoughts, int size) {
    assertThat(split(Thinking.OPENED_BY_TEMPLATE, false, thoughts + ANSWER, size))
        .isEqualTo(Thinking.OPENED_BY_TEMPLATE);
    assertThat(heard.answer()).isEqualTo(ANSWER);
    assertThat(heard.begunAgain).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\nOkay, the user asks about herons. ",
        "Okay, so I need to say it. ",
        "analysisWe know. ",
        "Hmmm, ",
        "The user wants to know. ",
        "嗯，用户想知道。"
      })
  void firstWordsThatSoundLikeThoughtsAreHeldBackFromAModelThatIsNotKnown(String thoughts) {
    split(Thinking.UNKNOWN, false, thoughts + "\n</think>\n\n" + ANSWER, 4);
    assertThat(heard.answer()).isEqualTo(ANSWER);
    assertThat(heard.begunAgain).isZero();
  }

  static Stream<Arguments> good() {
    return inAllSizes(
        List.of(
            ANSWER,
            "  \n" + ANSWER,
            "[1] says so, <b>loud</b>.",
            "analysis of herons: they eat fish.",
            "`<think>` opens and `</think>` closes the thoughts.",
            "It writes <think>like this</think> first, and then answers.",
            "The tag </think> ends it.",
            "gpt-oss leaks assistantfinal now and then.",
            "Here is my response: they eat fish.",
            "Here is my thought on herons.",
            "Look for \"</think>\".\nIt ends the thoughts.",
            "Put this first:\n```\n</think>\n```\nand it works.",
            "Put this first:\n```xml\n<think>\nWell.\n</think>\n```\nand it works.",
            "Okay, herons eat fish.",
            "The user guide is in docs.",
            "a < b </thin"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void whatIsSpokenOfIsNotTakenAway(String text, int size) {
    assertThat(split(Thinking.UNKNOWN, false, text, size)).isEqualTo(Thinking.MARKED);
    assertThat(heard.answer()).isEqualTo(text);
    assertThat(heard.begunAgain).isZero();
    assertThat(heard.thoughts).isEmpty();
  }

  @Test
  void anOrdinaryAnswerLeavesAsItCame() {
    ThoughtSplitter splitter = new ThoughtSplitter(Thinking.UNKNOWN, heard);
    Stream.of("Her", "ons ", "eat ", "fish.").forEach(splitter::text);
    assertThat(heard.tokens).containsExactly("Her", "ons ", "eat ", "fish.");
  }

  @Test
  void aModelThatDoesNotThinkThisTimeAnswersAllTheSame() {
    assertThat(split(Thinking.OPENED_BY_TEMPLATE, false, ANSWER, 3)).isEqualTo(Thinking.MARKED);
    assertThat(heard.answer()).isEqualTo(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<think>Okay, herons", "Okay, the user asks about herons"})
  void thoughtsThatALimitCutsOffAreNoAnswer(String text) {
    split(Thinking.UNKNOWN, true, text, 5);
    assertThat(heard.answer()).isEmpty();
    assertThat(heard.thoughts.toString()).endsWith("herons");
  }

  @Test
  void aThoughtThatTheServerKeptApartEndsBeforeTheAnswer() {
    ThoughtSplitter splitter = new ThoughtSplitter(Thinking.UNKNOWN, heard);
    splitter.thought("Okay.");
    splitter.text("\n\nOkay, the user ");
    splitter.end(false);
    assertThat(heard.answer()).isEqualTo("Okay, the user ");
    assertThat(heard.thoughts).hasToString("Okay.");
  }
}
