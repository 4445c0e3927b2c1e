package org.llmroutes.bench.voice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The settings that a measurement gives the product have to be what the product takes. */
class VoiceCommandTest {
  @Test
  void measuresATurn() {
    assertThat(new CommandLine(new VoiceCommand()).execute("--turns", "1")).isZero();
  }
}
