package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {

  @ParameterizedTest
  @CsvSource({
    "Running it > Load, 'Load\n\nMany turns.', 'Running it > Load\n\nMany turns.'",
    "Running it, 'Running it\n\nIt runs.', 'Running it\n\nIt runs.'",
    "A title, A text., 'A title\n\nA text.'",
  })
  void standsBelowItsHeadingPathOnce(String title, String text, String inContext) {
    assertThat(passage(title, text).inContext()).isEqualTo(inContext);
  }

  private static Passage passage(String title, String text) {
    return new Passage("1", "a.md", title, 0, text, 1, Map.of());
  }
}
