package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers cut into what is spoken. */
class SentenceCutterTest {

  private static List<Sentence> cut(List<String> tokens) {
    SentenceCutter cutter = new SentenceCutter();
    List<Sentence> sentences = new ArrayList<>();
    tokens.forEach(token -> sentences.addAll(cutter.add(token)));
    sentences.addAll(cutter.finish());
    return sentences;
  }

  private static Arguments spoken(String answer, String... sentences) {
    return Arguments.of(answer, List.of(sentences));
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        spoken("NATS is fast. It is small too.", "NATS is fast.", "It is small too."),
        spoken(
            "Is it really fast? It is! That is fine…  Good to know.",
            "Is it really fast?",
            "It is! That is fine…",
            "Good to know."),
        spoken(
            "Dr. Smith and J. R. Meyer met e.g. Mr. Brown. They talked, i.e. shouted.",
            "Dr. Smith and J. R. Meyer met e.g. Mr. Brown.",
            "They talked, i.e. shouted."),
        spoken(
            "It takes 3.5 ms, or 1,000.25 in all. Version 2.10.1 is newer.",
            "It takes 3.5 ms, or 1,000.25 in all.",
            "Version 2.10.1 is newer."),
        spoken(
            "See Fig. 3 and No. 12 for it. No. That was a joke.",
            "See Fig. 3 and No. 12 for it.",
            "No. That was a joke."),
        spoken(
            "Apples, pears etc. are fruit. So is this one.",
            "Apples, pears etc. are fruit.",
            "So is this one."),
        spoken(
            "Subjects have dots [1]. Streams keep messages.[2][3] Consumers read them. [1, 4]",
            "Subjects have dots.",
            "Streams keep messages.",
            "Consumers read them."),
        spoken(
            "Do this first:\n1. Install the server.\n2. Start the routes.\n",
            "Do this first:",
            "1. Install the server.",
            "2. Start the routes."),
        spoken("Fruit:\n- apples\n- ripe pears\n", "Fruit: apples", "ripe pears"),
        spoken(
            "# A short heading\n\nThe **bold** and *slanted* text. _Another_ snake_case one.",
            "A short heading",
            "The bold and slanted text.",
            "Another snake_case one."),
        spoken(
            "Run it like this:\n```java\nint i = 0. Then. Next();\n```\nThat was it all.",
            "Run it like this:",
            "That was it all."),
        spoken(
            "Call `a.b(). C` first. `down` stops all of it.",
            "Call a.b(). C first.",
            "down stops all of it."),
        spoken(
            "Read [the manual](https://example.org/a. B) today. ![A picture](x.png) shows it all.",
            "Read the manual today.",
            "A picture shows it all."),
        spoken(
            "He said \"Go home now.\" (They went at once.) \"Why not?\" she asked.",
            "He said \"Go home now.\"",
            "(They went at once.)",
            "\"Why not?\" she asked."),
        spoken("**This is important.** Read it twice.", "This is important.", "Read it twice."),
        spoken("| Name | Size |\n|---|---|\n| small one | 3 |\n", "Name, Size. small one, 3"),
        spoken(
            "你好吗我今天很好谢谢你的问题。“这是第二个句子它也很长很长。”第三个句子也是很长很长的。",
            "你好吗我今天很好谢谢你的问题。",
            "“这是第二个句子它也很长很长。”",
            "第三个句子也是很长很长的。"),
        spoken("Yes. It does work. OK.", "Yes. It does work.", "OK."),
        spoken("Two times 2 * 3 * 4 is more.", "Two times 2 * 3 * 4 is more."),
        spoken("It is so. 😀 Smile at it, please.", "It is so. 😀 Smile at it, please."),
        spoken(""));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whatIsSpoken(String answer, List<String> expected) {
    assertThat(cut(List.of(answer)).stream().map(Sentence::spoken).filter(s -> !s.isEmpty()))
        .containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whereTheTokensAreSplitMakesNoDifference(String answer) {
    List<Sentence> whole = cut(List.of(answer));
    Random random = new Random(answer.hashCode());
    for (int run = 0; run < 50; run++) {
      assertThat(cut(split(answer, random))).isEqualTo(whole);
    }
  }

  @Test
  void theOffsetsCoverTheWholeTextWhateverItIs() {
    String[] pieces = {
      "Dr. ",
      "word",
      " ",
      ". ",
      "\n",
      "```",
      "`",
      "[1]",
      "[",
      "**",
      "3.5",
      "1. ",
      "- ",
      "A",
      "😀",
      "。",
      "? ",
      "\"",
      "…",
      "\r\n",
      "~~~\n",
      "http://x.y",
      ", ",
      "Ä"
    };
    Random random = new Random(7);
    for (int run = 0; run < 2000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(120); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String answer = text.toString();
      List<Sentence> sentences = cut(split(answer, random));
      assertThat(sentences).as(answer).isEqualTo(cut(List.of(answer)));
      List<Integer> ends = sentences.stream().map(Sentence::end).toList();
      assertThat(ends).as(answer).isSorted().doesNotHaveDuplicates();
      int last = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
      assertThat(last).as(answer).isEqualTo(answer.codePointCount(0, answer.length()));
      assertThat(sentences.stream().limit(Math.max(0, sentences.size() - 1)).map(Sentence::spoken))
          .as(answer)
          .noneMatch(String::isEmpty);
    }
  }

  @Test
  void aSentenceIsOutWithTheFirstLetterOfTheNext() {
    SentenceCutter cutter = new SentenceCutter();
    assertThat(cutter.add("The first sentence.")).isEmpty();
    assertThat(cutter.add(" T")).containsExactly(new Sentence("The first sentence.", 20));
    assertThat(cutter.add("he next line")).isEmpty();
    assertThat(cutter.add("\n")).containsExactly(new Sentence("The next line", 34));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The first sentence.",
        "The first sentence. ",
        "Is this the first sentence? ",
        "It is **the first** one.*"
      })
  void anEndIsLikelyBeforeTheNextSentenceBegins(String text) {
    SentenceCutter cutter = new SentenceCutter();
    assertThat(cutter.add(text)).isEmpty();
    assertThat(cutter.likely()).isPresent();
    assertThat(cutter.add("The next one").stream().map(Sentence::spoken).findFirst())
        .isEqualTo(text.endsWith(" ") ? cutter(text).likely() : Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The first sentence",
        "It costs about 3.",
        "They stand still, e.g. ",
        "It was said by Dr.",
        "Yes.",
        "The first sentence. And",
        "```\nThis is code.",
        "Call `this.that."
      })
  void anEndIsNotLikelyWhereMoreMayFollow(String text) {
    assertThat(cutter(text).likely()).isEmpty();
  }

  private static SentenceCutter cutter(String text) {
    SentenceCutter cutter = new SentenceCutter();
    cutter.add(text);
    return cutter;
  }

  @Test
  void offsetsCountCodePoints() {
    assertThat(cut(List.of("😀😀 are two faces. And more words.")))
        .containsExactly(
            new Sentence("😀😀 are two faces.", 18), new Sentence("And more words.", 33));
  }

  @Test
  void aVeryLongSentenceIsCutBetweenWords() {
    String answer = "some words without an end, and then ".repeat(40);
    List<Sentence> sentences = cut(List.of(answer));
    assertThat(sentences).hasSizeGreaterThan(4);
    assertThat(sentences).allSatisfy(s -> assertThat(s.spoken()).hasSizeBetween(12, 250));
    assertThat(String.join(" ", sentences.stream().map(Sentence::spoken).toList()))
        .isEqualTo(answer.strip());
  }

  private static List<String> split(String answer, Random random) {
    List<String> tokens = new ArrayList<>();
    for (int from = 0; from < answer.length(); ) {
      int to = Math.min(answer.length(), from + 1 + random.nextInt(6));
      tokens.add(answer.substring(from, to));
      from = to;
    }

    return tokens;
  }
}
