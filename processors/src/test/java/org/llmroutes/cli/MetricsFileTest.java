package org.llmroutes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.metrics.Meters;

/** What a command counted is there for the textfile collector once it has ended. */
class MetricsFileTest {
  @Test
  void holdsWhatWasCounted(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ingest.prom");
    Files.writeString(file, "of the run before");
    MetricsFile metrics = new MetricsFile(file);
    Meters.counter("llm.routes.some.chunks", "Chunks").increment(3);

    metrics.write();

    assertThat(Files.readString(file))
        .contains("# TYPE llm_routes_some_chunks_total counter", "llm_routes_some_chunks_total 3.0")
        .doesNotContain("of the run before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList()).isEqualTo(List.of(file));
    }
  }

  @Test
  void harmsNothingWhereItCannotBeWritten(@TempDir Path folder) {
    new MetricsFile(folder.resolve("away").resolve("ingest.prom")).write();

    assertThat(folder.resolve("away")).doesNotExist();
  }
}
