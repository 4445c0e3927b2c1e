package org.llmroutes.local.voice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordErrorRateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "It's ten, isn't it?                | its 10 isnt it                  | 0",
        "the heron waits for fish           | the heaven waits for fish       | 0.2",
        "the heron waits for fish           | heron waits for fish            | 0.2",
        "the heron waits for fish           | the heron waits here for fish   | 0.2",
        "the heron waits for fish           | fish for waits the heron        | 0.8",
        "the heron waits for fish           | ''                              | 1",
      })
  void isErrorsOverWordsSaid(String said, String heard, double rate) {
    WordErrorRate measured = new WordErrorRate();
    measured.add(said, heard);
    assertThat(measured.value()).isEqualTo(rate);
  }
}
