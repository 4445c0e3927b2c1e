package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers as people write them. */
class ReadersTest {

  @Test
  void areEachOnceAndInOneOrder() {
    assertThat(Readers.parse(" user:ada ,group:hr,public, group:hr"))
        .containsExactly("group:hr", "public", "user:ada");
    assertThat(Readers.parse("group:u\u0308ber uns")).containsExactly("group:\u00fcber uns");
    assertThat(Readers.parse("group:" + "🎉".repeat(128))).hasSize(1);
  }

  @Test
  void ofAnIngestionCanBeLeftToItsDocuments() {
    assertThat(Readers.ofIngestion("stated")).isEmpty();
    assertThat(Readers.ofIngestion("group:hr")).containsExactly("group:hr");
    assertThatIllegalArgumentException().isThrownBy(() -> Readers.ofIngestion(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "group:hr,",
        "hr",
        "group:",
        "group: hr",
        "user:",
        "user:ada lovelace",
        "user:ada@example.org",
        "Group:hr",
        "PUBLIC",
        "stated",
        "role:hr",
        "*",
        "group:a\tb"
      })
  void areNothingElse(String written) {
    assertThatIllegalArgumentException().isThrownBy(() -> Readers.parse(written));
  }

  @Test
  void areNotMoreThanAChunkHasRoomFor() {
    String many =
        IntStream.range(0, 65).mapToObj(i -> "user:u" + i).collect(Collectors.joining(","));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Readers.parse(many))
        .withMessageContaining("64 at most");
    assertThat(Readers.parse(many.substring(many.indexOf(',') + 1))).hasSize(64);
  }
}
