package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.llm.TokenEstimate;
import org.llmroutes.retrieval.EncoderTokens;

/** Where chunks begin and end. */
class ChunkerTest {
  private static final String SENTENCE =
      "Number %d is one of the sentences, e.g. 3.5 of them, that must stay whole.";

  @Test
  void cutsProseOnlyBetweenSentencesIntoPiecesOfLikeSize() throws Exception {
    List<String> sentences = IntStream.range(0, 40).mapToObj(SENTENCE::formatted).toList();

    List<Chunk> chunks = chunks("# T\n\n" + String.join(" ", sentences));

    assertThat(chunks).hasSizeGreaterThan(2).allMatch(c -> c.body().endsWith("whole."));
    assertThat(chunks.stream().map(Chunk::body).collect(Collectors.joining(" ")))
        .isEqualTo(String.join(" ", sentences));
    assertThat(chunks).extracting(c -> TokenEstimate.of(c.body())).allMatch(t -> t > 120);
    assertThat(chunks).allMatch(c -> c.text().startsWith("T\n\nNumber"));
  }

  @Test
  void keepsATableWholeRatherThanFillTheChunkBeforeIt() throws Exception {
    String prose = SENTENCE.formatted(1).repeat(6);
    String table = "| a | b |\n|---|---|\n" + "| some cell | another |\n".repeat(25);

    List<Chunk> chunks = chunks("# T\n\n" + prose + "\n\n" + table);

    assertThat(chunks).extracting(Chunk::body).containsExactly(prose, table.strip());
  }

  @Test
  void repeatsTheHeadOfATableAndTheFencesOfCodeThatMustBeCut() throws Exception {
    String rows =
        IntStream.range(0, 100)
            .mapToObj("| row %d | value |\n"::formatted)
            .collect(Collectors.joining());
    String code =
        IntStream.range(0, 100).mapToObj("int i%d = 0;\n"::formatted).collect(Collectors.joining());

    List<Chunk> table = chunks("| name | what |\n|---|---|\n" + rows);
    List<Chunk> listing = chunks("```java\n" + code + "```\n");

    assertThat(table)
        .hasSizeGreaterThan(1)
        .allMatch(c -> c.body().startsWith("| name | what |\n|---|---|\n| row "));
    assertThat(listing)
        .hasSizeGreaterThan(1)
        .allMatch(c -> c.body().startsWith("```java\nint i") && c.body().endsWith(";\n```"));
    assertThat(
            listing.stream()
                .map(c -> c.body().replace("```java\n", "").replace("```", ""))
                .collect(Collectors.joining()))
        .isEqualTo(code);
  }

  @Test
  void cutsCodeWithBlankLines() throws Exception {
    String code = "int i = 0;\n\n".repeat(100);

    List<Chunk> chunks = chunks("```java\n" + code + "int j;   \n```\n");

    assertThat(chunks)
        .hasSizeGreaterThan(1)
        .allMatch(c -> c.body().startsWith("```java\n") && c.body().endsWith("\n```"));
  }

  @Test
  void noChunkIsTooLargeWhateverTheText() throws Exception {
    List<Chunk> chunks = chunks("x".repeat(5000) + "\n\n- " + "漢".repeat(2000) + "\n");

    assertThat(chunks).allMatch(c -> TokenEstimate.of(c.body()) <= ChunkSize.FULL);
    assertThat(chunks.stream().mapToInt(c -> c.body().replaceAll("[^x漢]", "").length()).sum())
        .isEqualTo(7000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Серая цапля терпеливо ждёт рыбу. ",
        "يقف مالك الحزين ساكنا في المياه الضحلة. ",
        "นกกระสายืนนิ่งในน้ำตื้นและรอปลา",
        "🐟🪶🏞️🎣",
        "pU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw0YL4xIB5p/tqg7ui5",
        "https://registry.example.org/@scope/package-name/-/name-1.22.333.tgz?hash=9f86d081\n",
        "| a | 1 | - |\n"
      })
  void whatIsEmbeddedFitsTheModelInEveryScript(String text) throws Exception {
    String title = text.strip().replaceAll("[|\\n]", " ").repeat(20);

    List<Chunk> chunks = chunks("# " + title + "\n\n" + text.repeat(100));

    assertThat(chunks)
        .hasSizeGreaterThan(1)
        .allMatch(c -> EncoderTokens.of(c.embedded()) <= 510)
        .allMatch(c -> c.title().getBytes(StandardCharsets.UTF_8).length <= 2048);
  }

  /** Minutes, and hours for four times as much, where the rest is looked at for every piece. */
  @Test
  void aLineOfManyMegabytesIsCutInOnePass() throws Exception {
    String line = "and then we saw the heron and it took a fish ".repeat(175_000).strip();

    List<Chunk> chunks =
        new Chunker(512)
            .chunks(new PlainTextParser().parse(line.getBytes(StandardCharsets.UTF_8), "name"));

    assertThat(chunks.stream().map(Chunk::body).collect(Collectors.joining(" "))).isEqualTo(line);
  }

  @Test
  void halfASurrogatePairBecomesACharacter() throws Exception {
    Block half = new Block.Prose("one \ud83d two");
    ParsedDocument document =
        new ParsedDocument(List.of(new Section("T \udc1f", "", List.of(half), Map.of())));

    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(tuple("T ?", "one ? two"));
  }

  private static List<Chunk> chunks(String markdown) throws InvalidDocument {
    return new Chunker(512)
        .chunks(new MarkdownParser().parse(markdown.getBytes(StandardCharsets.UTF_8), "name"));
  }
}
