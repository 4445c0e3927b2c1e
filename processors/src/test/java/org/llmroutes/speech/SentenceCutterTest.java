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
    return cut(tokens, 240, "");
  }

  private static List<Sentence> cut(List<String> tokens, int longest, String language) {
    SentenceCutter cutter = new SentenceCutter(longest, language);
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
    SentenceCutter cutter = new SentenceCutter(240, "");
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
    SentenceCutter cutter = new SentenceCutter(240, "");
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
    SentenceCutter cutter = new SentenceCutter(240, "");
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

  private static final String CHINESE = "他说今天的天气很好，我们一起去公园散步吧，那里有很多花和树，还有一个小湖，";
  private static final String JAPANESE = "今日はとても天気がいいので公園へ散歩に行きましょうと彼女は言いました";
  private static final String THAI = "วันนี้อากาศดีมากเราไปเดินเล่นที่สวนสาธารณะกันเถอะ";

  static Stream<Arguments> longAnswers() {
    return Stream.of(
        Arguments.of("zh", 82, CHINESE.repeat(4), "，"),
        Arguments.of("zh", 82, "他说" + "很好".repeat(120), ""),
        Arguments.of("ja", 71, JAPANESE.repeat(3), ""),
        Arguments.of("ja", 71, (JAPANESE + "、").repeat(3), "、"),
        Arguments.of("ko", 95, "오늘은 날씨가 아주 좋아서 공원에 산책하러 갑시다 ".repeat(6), " "),
        Arguments.of(
            "ru", 182, "сегодня очень хорошая погода и мы идём гулять в парк ".repeat(6), " "),
        Arguments.of("ar", 166, "الطقس جميل جدا اليوم، سنذهب إلى الحديقة، ".repeat(8), "، "),
        Arguments.of(
            "hi", 150, "आज मौसम बहुत अच्छा है और हम बगीचे में घूमने जा रहे हैं ".repeat(5), " "),
        Arguments.of("th", 240, THAI.repeat(8), ""),
        Arguments.of("en", 250, "a".repeat(700), ""),
        Arguments.of("en", 250, "👩‍👩‍👧‍👦x".repeat(70), ""),
        Arguments.of("en", 250, "Yes. " + "some words without an end, and then ".repeat(20), " "),
        Arguments.of("en", 250, "| " + "cell|".repeat(120) + "\n", ""),
        Arguments.of("en", 250, "!".repeat(400) + " that is all of it", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longAnswers")
  void noPieceIsLongerThanTheVoiceTakes(String language, int longest, String answer, String last) {
    List<Sentence> sentences = cut(List.of(answer), longest, language);
    assertThat(sentences)
        .isNotEmpty()
        .allSatisfy(
            s ->
                assertThat(s.spoken().codePointCount(0, s.spoken().length()))
                    .isLessThanOrEqualTo(longest));
    int from = 0;
    for (Sentence sentence : sentences.subList(0, sentences.size() - 1)) {
      int to = answer.offsetByCodePoints(0, sentence.end());
      assertThat(answer.substring(from, to)).endsWith(last);
      assertThat(answer.substring(from, to)).doesNotEndWith("\u200d").isNotBlank();
      from = to;
    }
    assertThat(sentences.get(sentences.size() - 1).end())
        .isEqualTo(answer.codePointCount(0, answer.length()));
    Random random = new Random(11);
    for (int run = 0; run < 5; run++) {
      assertThat(cut(split(answer, random), longest, language)).isEqualTo(sentences);
    }
  }

  @Test
  void thaiIsCutBetweenWords() {
    Sentence first = cut(List.of(THAI.repeat(8)), 240, "th").get(0);
    // four times 49 characters and nine of the ten words
    assertThat(THAI.repeat(8).substring(0, first.end())).endsWith("สวนสาธารณะ");
  }

  @Test
  void aLinkIsNotCutInTwo() {
    String answer =
        "Read [the manual](https://example.org/"
            + "a".repeat(300)
            + ") before you begin. Then go on.";
    assertThat(cut(List.of(answer)))
        .extracting(Sentence::spoken)
        .containsExactly("Read the manual before you begin.", "Then go on.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "आज मौसम बहुत अच्छा है। हम बगीचे में घूमने जाते हैं।",
        "كيف حالك اليوم يا صديقي؟ نحن بخير والحمد لله دائما.",
        "آج موسم بہت اچھا ہے اور دھوپ ہے۔ ہم باغ میں سیر کو جاتے ہیں۔",
        "《这是第一本书的名字它很长很长。》我们今天要读第二本书它也很长。"
      })
  void sentencesEndAsTheirLanguageEndsThem(String answer) {
    assertThat(cut(List.of(answer))).hasSize(2);
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
