package org.llmroutes.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.bench.retrieval.TestCollection.Query;

class TrecCollectionTest {
  @TempDir private Path folder;

  private TestCollection read(String judgments) throws IOException {
    Files.writeString(
        folder.resolve("docs.xml"),
        "<doc><docno>7</docno><title>t</title><text>wings\n& flow</text></doc><doc><docno>8</docno><text></text></doc>");
    Files.writeString(
        folder.resolve("queries.xml"),
        "<top><num> 10</num><title>first .</title></top><top><num> 40</num><title>second .</title></top>");
    Files.writeString(folder.resolve("qrel.txt"), judgments);
    return TrecCollection.read(folder);
  }

  @Test
  void judgmentsNameQueriesByTheirNumber() throws IOException {
    assertThat(read("40 0 7 2\r\n").queries())
        .containsExactly(new Query("40", "second .", Map.of("7", 2)));
  }

  @Test
  void judgmentsOfUnknownNumbersCountPositions() throws IOException {
    TestCollection tests = read("1 0 7 0\n2 0 7 1\n");
    assertThat(tests.queries()).containsExactly(new Query("2", "second .", Map.of("7", 1)));
    assertThat(tests.documents())
        .containsExactly(new TestCollection.Document("7", "t", "wings & flow"));
  }

  @Test
  void aLineThatIsNoJudgmentIsNamed() {
    assertThatIOException()
        .isThrownBy(() -> read("1 0 7 1\n1 0 x\n"))
        .withMessageContaining("qrel.txt:2");
  }
}
