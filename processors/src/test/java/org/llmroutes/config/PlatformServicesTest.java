package org.llmroutes.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;

/** The services of the platform, from the file and from the environment. */
class PlatformServicesTest {
  private static final String FILE = "config/ai-services-config.yaml";
  @TempDir Path home;

  private PlatformServices services(String yaml, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(home.resolve("config"));
    Files.writeString(home.resolve("config/application.properties"), "");
    Files.writeString(home.resolve(FILE), yaml);
    return PlatformServices.load(Settings.load(home, environment));
  }

  private static PlatformServices project(Map<String, String> environment) {
    return PlatformServices.load(Settings.load(Project.root(), environment));
  }

  @Test
  void anchorsAndMergeKeysAreUnderstood() throws IOException {
    String text = Files.readString(Project.root().resolve(FILE));
    String merged =
        text.replaceFirst("(?m)^services:\n  llm:\n", "services:\n  llm: &llm\n")
            .replaceFirst(
                "(?ms)^  whisper:\n.*?(?=^  \\w)", "  whisper:\n    <<: *llm\n    model: w\n");
    PlatformServices services = services(merged, Map.of());

    assertThat(services.whisper().url()).isEqualTo(services.llm().url());
    assertThat(services.whisper().model()).isEqualTo("w");
  }

  @Test
  void theDefaultsAreTheCluster() {
    PlatformServices services = project(Map.of());

    assertThat(services.llm())
        .isEqualTo(
            new ServiceSettings(
                "llm",
                "http://llm-draft.ai-ml.svc.cluster.local:8000/v1",
                "openai",
                "",
                "",
                Duration.ofSeconds(60),
                0,
                new Resilience(
                    Resilience.AS_LONG_AS_TIME_LASTS, 64, 20, 50, Duration.ofSeconds(5))));
    assertThat(services.embeddings().protocol()).isEqualTo("openai");
    assertThat(services.reranker().protocol()).isEqualTo("cohere");
    assertThat(services.whisper().url())
        .isEqualTo("http://whisper-predictor.ai-ml.svc.cluster.local");
    assertThat(services.whisper().protocol()).isEqualTo("openai");
    assertThat(services.tts().url()).isEqualTo("http://tts-predictor.ai-ml.svc.cluster.local");
    assertThat(services.tts().protocol()).isEqualTo("openai");
    assertThat(services.natsUrl()).isEqualTo("nats://nats.ai-ml.svc.cluster.local:4222");
    assertThat(services.milvus().uri()).isEqualTo("http://milvus.ai-ml.svc.cluster.local:19530");
    assertThat(services.valkey())
        .isEqualTo(
            new ValkeySettings(
                "redis://valkey.ai-ml.svc.cluster.local:6379", Duration.ofSeconds(1)));
  }

  @Test
  void everyEntryHasItsVariable() {
    PlatformServices services =
        project(
            Map.ofEntries(
                entry("EMBEDDINGS_URL", " http://e:1// "),
                entry("EMBEDDINGS_PROTOCOL", "kserve-v2"),
                entry("EMBEDDINGS_MODEL", "m"),
                entry("EMBEDDINGS_API_KEY", "s3cret\n"),
                entry("EMBEDDINGS_TIMEOUT_MS", "250"),
                entry("EMBEDDINGS_BREAKER_CALLS", "7"),
                entry("EMBEDDINGS_MAX_INPUT_TOKENS", "256"),
                entry("VLLM_URL", ""),
                entry("NATS_URL", "nats://n:2"),
                entry("VALKEY_URL", "redis://:s3cret@v"),
                entry("VALKEY_TIMEOUT_MS", "2500"),
                entry("MILVUS_HOST", "h"),
                entry("MILVUS_PORT", "3")));

    assertThat(services.embeddings())
        .isEqualTo(
            new ServiceSettings(
                "embeddings",
                "http://e:1",
                "kserve-v2",
                "m",
                "s3cret",
                Duration.ofMillis(250),
                256,
                new Resilience(2, 32, 7, 50, Duration.ofSeconds(10))));
    assertThat(services.embeddings().toString()).doesNotContain("s3cret");
    assertThat(services.llm().url()).as("an empty variable").contains("llm-draft");
    assertThat(services.natsUrl()).isEqualTo("nats://n:2");
    assertThat(services.valkey())
        .isEqualTo(new ValkeySettings("redis://:s3cret@v", Duration.ofMillis(2500)));
    assertThat(services.valkey().toString()).doesNotContain("s3cret");
    assertThat(services.milvus().uri()).isEqualTo("http://h:3");
  }

  @ParameterizedTest
  @CsvSource({
    "milvus, http://milvus:19530",
    "milvus:20000, http://milvus:20000",
    "127.0.0.1, http://127.0.0.1:19530",
    "::1, http://[::1]:19530",
    "[::1]:20000, http://[::1]:20000",
    "http://milvus, http://milvus:19530",
    "tcp://milvus:20000/, http://milvus:20000",
    "https://milvus.example.org:20000, https://milvus.example.org:20000",
    "HTTPS://milvus.example.org/, https://milvus.example.org:443"
  })
  void milvusIsAHostOrAnAddress(String host, String uri) {
    assertThat(project(Map.of("MILVUS_HOST", host)).milvus().uri()).isEqualTo(uri);
  }

  @Test
  void milvusHasUsersDatabasesAndTls() {
    MilvusSettings milvus =
        project(
                Map.of(
                    "MILVUS_HOST", "h",
                    "MILVUS_USER", "ada",
                    "MILVUS_PASSWORD", "s3cret",
                    "MILVUS_DATABASE", "docs",
                    "MILVUS_TLS", "True"))
            .milvus();

    assertThat(milvus)
        .isEqualTo(new MilvusSettings("h", 19530, true, "docs", "ada:s3cret", "", ""));
    assertThat(milvus.toString()).isEqualTo("Milvus at https://h:19530");
    assertThat(project(Map.of("MILVUS_TOKEN", "t", "MILVUS_USER", "ada")).milvus().token())
        .isEqualTo("t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MILVUS_HOST | ftp://milvus | must be a host",
        "MILVUS_HOST | my milvus | must be a host",
        "MILVUS_HOST | http://ada:s3cret@milvus | holds a user; set MILVUS_USER",
        "MILVUS_HOST | http://milvus/docs | has a path; a database is set as MILVUS_DATABASE",
        "MILVUS_TLS | maybe | milvus.tls (or MILVUS_TLS) must be true or false",
        "MILVUS_TLS_CA_FILE | /absent.pem | MILVUS_TLS is not true"
      })
  void aMistakeInMilvusIsNamedWithoutSecrets(String variable, String value, String message) {
    PlatformServices services = project(Map.of(variable, value));
    assertThatIllegalArgumentException()
        .isThrownBy(services::milvus)
        .withMessageContaining(message)
        .withMessageNotContaining("s3cret");
  }

  @Test
  void contradictionsAboutMilvusAreNamed() {
    PlatformServices encrypted = project(Map.of("MILVUS_HOST", "http://h", "MILVUS_TLS", "true"));
    assertThatIllegalArgumentException()
        .isThrownBy(encrypted::milvus)
        .withMessageContaining("begins with http:, and MILVUS_TLS is true");
    PlatformServices twoPorts = project(Map.of("MILVUS_HOST", "h:1", "MILVUS_PORT", "2"));
    assertThatIllegalArgumentException()
        .isThrownBy(twoPorts::milvus)
        .withMessageContaining("says port 1, and MILVUS_PORT 2");
  }

  @Test
  void speechHasItsVariablesToo() {
    PlatformServices services =
        project(Map.of("WHISPER_PROTOCOL", "whisper-asr", "TTS_URL", "http://t:4"));

    assertThat(services.whisper().protocol()).isEqualTo("whisper-asr");
    assertThat(services.tts().url()).isEqualTo("http://t:4");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, '', 8",
    "xtts, '', 1",
    "coqui, '', 1",
    "xtts, 3, 3",
  })
  void aServiceThatTakesOneCallAtATimeGetsOne(String protocol, String set, int calls) {
    PlatformServices services =
        project(Map.of("TTS_PROTOCOL", protocol, "TTS_MAX_CONCURRENT", set));

    assertThat(services.tts().resilience().maxConcurrent()).isEqualTo(calls);
  }

  @Test
  void whatAnAnswerCannotDoWithoutIsTriedAsLongAsItsTimeLasts() {
    PlatformServices services = project(Map.of());

    assertThat(services.llm().resilience().isPatient()).isTrue();
    assertThat(services.whisper().resilience().isPatient()).isTrue();
    assertThat(services.embeddings().resilience().isPatient()).isFalse();
    assertThat(services.reranker().resilience().isPatient()).isFalse();
    assertThat(services.tts().resilience().isPatient()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EMBEDDINGS_PROTOCOL | soap | services.embeddings.protocol is soap; known are [openai",
        "EMBEDDINGS_TIMEOUT_MS | soon | services.embeddings.timeout_ms (or EMBEDDINGS_TIMEOUT_MS)",
        "EMBEDDINGS_ATTEMPTS | 0 | services.embeddings.attempts (or EMBEDDINGS_ATTEMPTS) must be",
      })
  void aMistakeNamesFileKeyAndVariable(String variable, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> project(Map.of(variable, value)).embeddings())
        .withMessageStartingWith(FILE + ": " + message);
  }

  @Test
  void aMissingOrMisspeltEntryIsNamed() throws IOException {
    PlatformServices services =
        services("services: {llm: {url: http://l, protocl: openai}}\n", Map.of());

    assertThatIllegalArgumentException()
        .isThrownBy(services::llm)
        .withMessageStartingWith(FILE + ": services.llm has unknown keys [protocl]; known are");
    assertThatIllegalArgumentException()
        .isThrownBy(services::natsUrl)
        .withMessage(FILE + ": nats.url is missing; set it there or as NATS_URL");
  }

  @Test
  void whatIsNoYamlIsNamedWithItsLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> services("services:\n  llm: {url: ]}\n", Map.of()))
        .withMessageStartingWith(FILE + ":2: ");
  }

  @ParameterizedTest
  @CsvSource({"''", "text", "[]"})
  void aFileOfAnotherShapeIsNamed(String yaml) throws IOException {
    PlatformServices services = services(yaml, Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(services::llm)
        .withMessageStartingWith(FILE + ": services.llm");
  }

  /** As Kubernetes replaces a mounted Secret. */
  @Test
  void anApiKeyInAFileIsTheOneThatIsThereNow() throws IOException {
    Path file = home.resolve("key");
    Files.writeString(file, "first\n");
    ApiKey key =
        project(Map.of("VLLM_API_KEY_FILE", file.toString(), "VLLM_API_KEY", "other"))
            .llm()
            .apiKey();
    assertThat(key.now()).isEqualTo("first");

    Files.writeString(file, "second\n");

    assertThat(key.now()).isEqualTo("second");
    assertThat(key).hasToString("ApiKey");
  }
}
