package org.llmroutes.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserNamesTest {

  @ParameterizedTest
  @CsvSource({
    "ada, ada",
    "Ada-1, Ada-1",
    "ada_b, ada__b",
    "ada@example.org, ada_40example_2Eorg",
    "a_40b, a__40b",
    "Zoë, Zo_C3_AB",
    "'a b', a_20b",
    "*, _2A",
    ">, _3E",
    "ünï€, _C3_BCn_C3_AF_E2_82_AC",
    "a\u0000b, a_00b"
  })
  void escapesWhatASubjectCannotHold(String name, String token) {
    assertThat(UserNames.toToken(name)).contains(token);
  }

  @Test
  void refusesWhatNoTokenStandsFor() {
    assertThat(UserNames.toToken("")).isEmpty();
    assertThat(UserNames.toToken("a".repeat(129))).isEmpty();
    assertThat(UserNames.toToken("@".repeat(43))).isEmpty();
    assertThat(UserNames.toToken("half \ud83d of a character")).isEmpty();
  }
}
