package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Project;

/** Starts take their classes from the archive that the build keeps, where one can be had. */
class ArchiveTest {
  private static final Path BUILT = Project.root().resolve("processors/target");
  private static final String FROM_ARCHIVE = "org.llmroutes.cli.Main source: shared objects file";
  private static final String FLAGS = "-XX:+PrintCommandLineFlags";
  private static final String C1_ALONE = "-XX:TieredStopAtLevel=1";
  private static final String SHARED = "-XX:ArchiveRelocationMode=0";

  /** A class that only turns need. */
  private static final String OF_TURNS = "org/llmroutes/llm/HeldText";

  /** One that only turns with documents need. */
  private static final String OF_RETRIEVAL = "org/llmroutes/retrieval/RerankAnswer";

  @TempDir private Path home;
  private Path jar;
  private Path libraries;

  @BeforeEach
  void copyWhatIsStarted() throws IOException {
    assumeTrue(Files.exists(BUILT.resolve("llm-routes.jar")), "mvn package makes what is started");
    Path target = Files.createDirectories(home.resolve("processors/target"));
    Files.copy(Project.root().resolve("processors/llm-routes"), launcher());
    jar = Files.copy(BUILT.resolve("llm-routes.jar"), target.resolve("llm-routes.jar"));
    libraries = Files.copy(BUILT.resolve("libraries.jar"), target.resolve("libraries.jar"));
  }

  @Test
  void startsTakeTheirClassesFromTheArchiveUntilTheProductIsBuiltAgain() throws Exception {
    ProjectCopy.into(home);
    assertThat(run(FLAGS, "run", "--help")).contains(C1_ALONE);
    assertThat(run("", "archive")).isEmpty();
    assertThat(run("-Xlog:class+load", "--help")).contains(FROM_ARCHIVE);
    assertThat(run("", "--help")).startsWith("Usage:");
    // only from 25 on an archive has the profiles that C2 needs, and is moved unless told not to
    boolean hasProfiles = Runtime.version().feature() >= 25;
    String flags = run(FLAGS, "run", "--help");
    assertThat(flags.contains(C1_ALONE)).isNotEqualTo(hasProfiles);
    assertThat(flags.contains(SHARED)).isEqualTo(hasProfiles);
    assertThat(Files.readString(kept(".archive"), StandardCharsets.ISO_8859_1))
        .contains(OF_TURNS, OF_RETRIEVAL);

    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run("-Xlog:class+load", "--help")).doesNotContain(FROM_ARCHIVE).contains("Usage:");
    assertThat(run("", "--help")).startsWith("Usage:");
  }

  @Test
  void withoutAnArchiveTheProductStartsAndEachBuildSaysSoOnce() throws Exception {
    // there is nothing here that could be run to record its classes
    assertThat(run("", "archive")).containsOnlyOnce("Starts take longer");
    assertThat(run("", "archive")).isEmpty();
    assertThat(run("", "--help")).startsWith("Usage:");

    Files.setLastModifiedTime(libraries, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run("", "archive")).containsOnlyOnce("Starts take longer");
  }

  private Path kept(String ending) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("processors/target"))) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  private Path launcher() {
    return home.resolve("processors/llm-routes");
  }

  private String run(String javaOptions, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(launcher().toString()), Stream.of(arguments)).toList())
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", javaOptions);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
