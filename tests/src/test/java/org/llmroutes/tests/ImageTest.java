package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** The image that {@code ./dev image} builds, run from its own layers. */
class ImageTest {
  private static final Path BUILT = Project.root().resolve("deploy/image/target");

  @TempDir private static Path folder;
  private static Image image;
  private static String digest;

  private final Stack stack = Stack.shared();
  @TempDir private Path tmp;

  @BeforeAll
  static void build() throws Exception {
    String missing = Image.missing();
    assumeTrue(missing.isEmpty(), () -> "the image needs " + missing);
    digest = built();
    image = Image.unpack(BUILT.resolve("llm-routes.tar"), folder);
  }

  /** Returns the digest. */
  private static String built() throws Exception {
    Path log = folder.resolve("log");
    Process build =
        new ProcessBuilder(Project.root().resolve("deploy/image/build").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(build.waitFor()).as(Files.readString(log)).isZero();
    return Files.readString(BUILT.resolve("llm-routes.digest"));
  }

  @Test
  void isTheSameWhenItIsBuiltAgain() throws Exception {
    assertThat(built()).isEqualTo(digest).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void runsAsNobodyWhoCouldDoHarm() {
    assertThat(image.configuration().path("User").asText()).isEqualTo("65532:65532");
    assertThat(image.configuration().at("/Cmd/0").asText()).isEqualTo("run");
  }

  @Test
  void saysWhatItIsMadeOf() throws IOException {
    JsonNode sbom = new ObjectMapper().readTree(BUILT.resolve("llm-routes.cdx.json").toFile());

    assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(sbom.path("components"))
        .extracting(component -> component.path("purl").asText().replaceAll("@.*", ""))
        .contains(
            "pkg:maven/org.apache.camel/camel-main", "pkg:deb/debian/libc6", "pkg:generic/temurin");
  }

  @Test
  void answersATurnWithTheClassesOfItsArchive() throws Exception {
    String port = Integer.toString(Ports.free(0));
    Map<String, String> own =
        Map.of(
            "PIPELINES_LOCAL_ROOT",
            "/tmp",
            "LLM_ROUTES_PORT",
            port,
            "GATEWAY_PORT",
            Integer.toString(Ports.free(0)),
            "JAVA_OPTS",
            "-Xlog:class+load");
    // the stack's own routes would take the request
    try (Servers servers = new Servers()) {
      Process process = start(servers.environment, own, "run", "--validate");
      try {
        URI ready = URI.create("http://127.0.0.1:" + port + "/observe/health/ready");
        await()
            .failFast(() -> assertThat(process.isAlive()).as(output()).isTrue())
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> ready.toURL().openStream().readAllBytes().length > 0);

        Asked asked = new Client(servers.nats).ask(Client.request("Hello"));

        assertThat(asked.response()).containsEntry("response", "Hello, world.");
        assertThat(output())
            .contains("org.llmroutes.platform.Platform source: shared objects file")
            .contains("org.llmroutes.validate.ProjectValidator source: shared objects file")
            .contains("org.llmroutes.llm.HeldText source: shared objects file");
      } finally {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  /** As a ConfigMap that is mounted over the image's own routes brings one. */
  @Test
  void aBrokenRouteEndsItWithTheReason() throws Exception {
    Path home = tmp.resolve("home");
    for (String part : List.of("routes", "kamelets", "config")) {
      copy(image.root().resolve("opt/llm-routes").resolve(part), home.resolve(part));
    }
    Files.writeString(home.resolve("routes/chat.camel.yaml"), "- route:\n    from: nowhere\n");
    Map<String, String> own =
        Map.of("LLM_ROUTES_HOME", "/tmp/home", "LLM_ROUTES_SUMMARY_FILE", "/tmp/reason");

    Process process = start(stack.environment, own, "run", "--validate");

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isNotZero();
    String first = output().lines().findFirst().orElse("");
    assertThat(first).startsWith("run: routes/chat.camel.yaml:1: ");
    assertThat(tmp.resolve("reason")).content().startsWith(first.substring("run: ".length()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void setsUpIngestsAndAnswersBatches() throws Exception {
    String collection = "c" + UUID.randomUUID().toString().replace("-", "");
    Files.writeString(tmp.resolve("heron.md"), "# Heron\n\nThe heron waits for fish.");
    Files.writeString(tmp.resolve("prompts.jsonl"), "{\"prompt\": \"Hello\"}\n");

    stack.vllm.script(asked -> Reply.of("Hello, ", "world."));

    assertThat(run("setup")).contains("NATS is as defined");
    assertThat(run("ingest", "--collection", collection, "heron.md")).contains("1 new");
    run("batch", "prompts.jsonl", "-o", "results.jsonl");

    assertThat(tmp.resolve("results.jsonl")).content().contains("Hello, world.");
  }

  private String run(String... arguments) throws Exception {
    Process process = start(stack.environment, Map.of(), arguments);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    return output();
  }

  private Process start(Map<String, String> services, Map<String, String> own, String... arguments)
      throws Exception {
    Map<String, String> environment = new HashMap<>(services);
    environment.putAll(own);
    return image.start(Image.writable(tmp), environment, arguments);
  }

  private String output() throws IOException {
    return Files.readString(tmp.resolve("output"), StandardCharsets.UTF_8);
  }
}
