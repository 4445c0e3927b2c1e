package org.llmroutes.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.pipelines.RunState.Phase;

/** Progress never goes back, and is whole at a good end. */
class StepsDoneTest {

  @ParameterizedTest
  @CsvSource({
    "'', RUNNING, '', ''",
    "'', RUNNING, 0/2, 0/2",
    "0/2, RUNNING, 1/2, 1/2",
    "1/2, RUNNING, 0/2, 1/2",
    "1/2, RUNNING, 2/5, 1/2",
    "1/2, RUNNING, 3/5, 3/5",
    "1/2, RUNNING, '', 1/2",
    "50/100, RUNNING, 7/100, 50/100",
    "1/1, RUNNING, 1/2, 1/1",
    "0/0, RUNNING, 0/2, 0/2",
    "1/2, FAILED, 0/2, 1/2",
    "0/2, FAILED, 1/2, 1/2",
    "1/2, SUCCEEDED, 2/2, 2/2",
    "1/2, SUCCEEDED, 1/3, 3/3",
    "1/2, SUCCEEDED, '', 2/2",
    "'', SUCCEEDED, '', ''",
    "1/2, RUNNING, half, 1/2",
  })
  void whatIsTold(String told, Phase phase, String seen, String expected) {
    assertThat(StepsDone.toTell(told, new RunState(phase, "", seen))).isEqualTo(expected);
  }
}
