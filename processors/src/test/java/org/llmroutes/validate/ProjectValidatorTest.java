package org.llmroutes.validate;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.local.Project;

/** The project as it is has no mistakes; with one rejected file added it has exactly that one. */
class ProjectValidatorTest {
  private static final ProjectValidator VALIDATOR = new ProjectValidator();

  @TempDir Path home;

  @Test
  void findsNoMistakeInTheProject() {
    assertThat(VALIDATOR.check(Project.root(), Map.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not-yaml.camel.yaml                          | 10 | not YAML: expected <block end>
          repeated-key.camel.yaml                      | 11 | the key id is there twice
          unknown-step.camel.yaml                      |  8 | unknown property ot; known are [aggregate,
          unknown-option-of-step.camel.yaml            | 11 | unknown property variableRecieve; known are
          short-form.camel.yaml                        |  8 | must be a map
          options-in-uri.camel.yaml                    | 10 | options stand under parameters
          inline-expression.camel.yaml                 | 10 | unknown property simple; known are
          step-without-id.camel.yaml                   |  8 | id is missing
          id-not-in-kebab-case.camel.yaml              |  9 | kebab-case
          id-taken.camel.yaml                          | 12 | is taken at routes/id-taken.camel.yaml:9
          route-without-description.camel.yaml         |  1 | description is missing
          unknown-kamelet.camel.yaml                   | 10 | no Kamelet compose-eror-action; there are
          unknown-parameter-of-kamelet.camel.yaml      | 13 | unknown property txet; known are [text]
          missing-parameter-of-kamelet.camel.yaml      |  8 | text is missing
          wrong-type-of-parameter.camel.yaml           | 12 | must be integer
          direct-without-consumer.camel.yaml           | 10 | no route consumes direct:nobody
          unknown-route-configuration.camel.yaml       |  4 | no routeConfiguration turn-erors
          unknown-setting.camel.yaml                   | 12 | {{chat.greeting}} is no setting
          unknown-component.camel.yaml                 | 10 | no component kafka on the class path
          unknown-parameter-of-component.camel.yaml    | 12 | log has no levle; known are
          consumer-option-of-producer.camel.yaml       | 12 | workers is for consumers
          wrong-expression.camel.yaml                  | 11 | expected symbol functionEnd
          unknown-exception.camel.yaml                 |  8 | no class org.llmroutes.errors.StepFailure
          unknown-data-format.camel.yaml               | 11 | no data format msgpak
          property-unused-action.kamelet.yaml          | 17 | depth is declared and the template does not use it
          property-undeclared-action.kamelet.yaml      | 23 | {{passages}} is no setting
          property-without-description-action.kamelet.yaml | 13 | description is missing
          required-undeclared-action.kamelet.yaml      | 13 | depth is required and not declared
          title-in-lower-case-action.kamelet.yaml      |  9 | Title Case
          title-taken-action.kamelet.yaml              |  9 | milvus-search-action.kamelet.yaml has the title
          file-name-differs-action.kamelet.yaml        |  4 | must be named other-name-action.kamelet.yaml
          name-without-type.kamelet.yaml               |  4 | must end with its type: -action
          bean-without-class-action.kamelet.yaml       | 20 | no class org.llmroutes.retrieval.Milvus
          bean-without-setter-action.kamelet.yaml      | 22 | MilvusSearch has no property vectr; it has
          section-not-closed.mustache                  |  2 | Section missing close tag 'sources'
          unknown-type.schema.json                     |  5 | must be one of
          reference-to-nowhere.schema.json             |  5 | $ref leads nowhere
          not-json.schema.json                         |  3 | not JSON: Unexpected close marker
          stream-without-name.stream.yaml              |  1 | not a stream definition
          """)
  void namesTheMistakeByFileAndLine(String rejected, int line, String message) throws IOException {
    copyProject();
    String file = folder(rejected) + "/" + rejected;
    Files.copy(
        Path.of(getClass().getResource("/rejected/" + rejected).getPath()), home.resolve(file));

    List<Mistake> mistakes = VALIDATOR.check(home, Map.of());

    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0).toString()).startsWith(file + ":" + line + ": ").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config/ai-services-config.yaml | protocol: cohere | protocol: colbert | services.reranker.protocol is colbert
          config/ai-services-config.yaml | port: 19530      | port: high        | milvus.port
          config/application.properties  | conversation.time-to-live=30d | chat.workers=16 | chat.workers is set in line
          routes/errors.camel.yaml | description: Keeps | - description: Keeps | not YAML
          kamelets/dead-letter-action.kamelet.yaml | title: Dead | title: ] Dead | not YAML
          config/pipelines.yaml          | max_running: 4    | max_runs: 4       | unknown property max_runs; known are [allowed_users, deadline,
          config/pipelines.yaml          | description: Answer each | describtion: Answer each | unknown property describtion
          config/pipelines.yaml          | argo: {namespace: ai-ml, workflow_template: document-ingestion} | airflow: {} | unknown property airflow; known are [argo, kubeflow, local]
          config/pipelines.yaml          | required: [source] | required: source | must be array
          config/pipelines.yaml          | max_running: 4    | max_running: 0    | minimum value of 1
          config/pipelines.yaml          | deadline: PT2H    | deadline: 2h      | pipelines.document-ingestion.deadline must be an ISO 8601 duration such as PT2H
          config/pipelines.yaml          | deadline: PT2H    | deadline: P40D    | of at most P28D, is P40D
          config/ai-services-config.yaml | port: 19530       | port: 99999       | milvus.port (or MILVUS_PORT) must be a number above 0 and at most 65535, is 99999
          config/ai-services-config.yaml | url: http://whisper-predictor.ai-ml.svc.cluster.local | url: whisper:80 | services.whisper.url (or WHISPER_URL) must be a URL
          config/ai-services-config.yaml | url: http://tts-predictor.ai-ml.svc.cluster.local | url: http://tts:port | services.tts.url
          config/ai-services-config.yaml | url: redis://valkey.ai-ml.svc.cluster.local:6379 | url: http://valkey | valkey.url (or VALKEY_URL) must be a URL such as redis://host:6379, is http://valkey
          config/application.properties  | conversation.max-turns=50 | conversation.max-turn=50 | conversation.max-turn is read by nobody; known are [conversation.max-turns,
          config/application.properties  | chat.workers=32   | chat.workers=many | chat.workers must be integer, is many
          config/application.properties  | chat.workers=32   | chat.workers=0    | chat.workers must have a minimum value of 1, is 0
          config/application.properties  | chat.workers-per-user=8 | chat.workers-per-user=33 | chat.workers-per-user must not be above chat.workers, which is 32, is 33
          config/application.properties  | voice.workers-per-user=4 | voice.workers-per-user=1 | minimum value of 2
          config/application.properties  | turn.timeout.default=120s | turn.timeout.default=20m | must not be above turn.timeout.maximum, which is 600s
          config/application.properties  | turn.timeout.default=120s | turn.timeout.default=2 minutes | must be a duration such as 30s
          config/application.properties  | pipelines.lease=15s | pipelines.lease=0s | must be a duration such as 30s
          config/application.properties  | chat.rewrite.enabled=true | chat.rewrite.enabled=yes | must be boolean, is yes
          config/application.properties  | camel.main.shutdownTimeout=30 | camel.main.shutdownTimeuot=30 | camel.main.shutdownTimeuot is read by nobody
          config/application.properties  | camel.main.shutdownTimeout=30 | camel.main.shutdownTimeout=soon | must be integer, is soon
          routes/chat.camel.yaml         | template: config/prompts/chat.mustache | template: config/prompts/chatt.mustache | there is no file config/prompts/chatt.mustache
          routes/chat.camel.yaml         | schema: chat-request | schema: chat-reqest | there is no file config/schemas/chat-reqest.json
          routes/chat.camel.yaml         | variableSend: prompt | variableSend: promt | no step before this one receives the variable promt; there are [history, passages, prompt,
          routes/chat.camel.yaml         | variable.request[enable_rag] | variable.requets[enable_rag] | no step before this one receives the variable requets; there are [history, request]
          routes/voice.camel.yaml        | variable.transcription} == | variable.transcript} == | no step before this one receives the variable transcript; there are
          routes/chat.camel.yaml         | AI_CHAT/chat-handler | AI_CHAD/chat-handler | config/nats has no stream AI_CHAD; there are [AI_CHAT, AI_DLQ,
          routes/chat.camel.yaml         | AI_CHAT/chat-handler | AI_CHAT/chat | the stream AI_CHAT has no consumer chat; it has [chat-handler]
          config/nats/ai-chat.yaml       | max_bytes: 1073741824 | max_bites: 1073741824 | unknown property max_bites
          routes/voice.camel.yaml        | variableSend: audio | variableSend: transcription | no step before this one receives the variable transcription; there are [audio, request]
          config/asyncapi.yaml           | {$ref: schemas/chat-request.json} | {$ref: schemas/chat.json} | $ref leads nowhere
          """)
  void namesTheMistakeInAChangedFile(String file, String right, String wrong, String message)
      throws IOException {
    copyProject();
    String text = Files.readString(home.resolve(file));
    int line = text.substring(0, text.indexOf(right)).split("\n", -1).length;
    Files.writeString(home.resolve(file), text.replace(right, wrong));

    List<Mistake> mistakes = VALIDATOR.check(home, Map.of());

    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.get(0).toString()).startsWith(file + ":" + line + ": ").contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CHAT_WORKERS           | abc           | CHAT_WORKERS must be integer, is abc
          CHAT_WORKERS           | 4             | CHAT_WORKERS_PER_USER must not be above chat.workers, which is 4, is 8
          TURN_TIMEOUT_DEFAULT   | 1h            | TURN_TIMEOUT_DEFAULT must not be above turn.timeout.maximum, which is 600s, is 1h
          VLLM_URL               | localhost     | VLLM_URL must be a URL such as http://host:8000, is localhost
          VLLM_URL               | http://a b/v1 | VLLM_URL must be a URL such as http://host:8000, is http://a b/v1
          TTS_URL                | ftp://tts     | TTS_URL must be a URL
          EMBEDDINGS_PROTOCOL    | foo           | EMBEDDINGS_PROTOCOL is foo; known are [openai, tei, kserve-v2]
          WHISPER_TIMEOUT_MS     | soon          | WHISPER_TIMEOUT_MS must be a number above 0, is soon
          VLLM_BREAKER_FAILURE_PERCENT | 150     | VLLM_BREAKER_FAILURE_PERCENT must be a number above 0 and at most 100, is 150
          MILVUS_PORT            | 70000         | MILVUS_PORT must be a number above 0 and at most 65535, is 70000
          MILVUS_HOST            | mil vus       | MILVUS_HOST must be a host
          NATS_URL               | nats://u:secret@nats:x | NATS_URL must be URLs such as nats://host:4222, separated by commas, is nats://***@nats:x
          VALKEY_URL             | valkey:6379   | VALKEY_URL must be a URL
          VALKEY_TIMEOUT_MS      | 0             | VALKEY_TIMEOUT_MS must be a number above 0, is 0
          KFP_URL                | kfp           | KFP_URL must be a URL
          NATS_CREDS_FILE        | /nowhere      | NATS_CREDS_FILE names no file that can be read
          AUTH_METHODS           | oidc          | auth.methods has oidc, which needs auth.oidc.issuer
          AUTH_METHODS           | keys          | ./dev keys add makes one
          AUTH_METHODS           | tokens        | AUTH_METHODS must be some of keys, oidc and open
          GATEWAY_HOST           | 0.0.0.0       | auth.methods=open would let everybody who reaches 0.0.0.0 in
          AUTH_LOGIN_CLIENT_ID   | web           | auth.login.client-id needs oidc in auth.methods
          AUTH_LOGIN_SECRET      | hunter2       | auth.login.secret must have 32 characters at least, has 7
          AUTH_OIDC_ALGORITHMS   | HS256         | must be some of RS, PS and ES
          AUTH_OIDC_TIMEOUT      | 1m            | must be 1s to 30s
          LLM_ROUTES_PORT        | http          | LLM_ROUTES_PORT must be a port from 0 to 65535, is http
          OTEL_SDK_DISABLED      | yes           | OTEL_SDK_DISABLED must be true or false, is yes
          OTEL_TRACES_EXPORTER   | zipkin        | OTEL_TRACES_EXPORTER must be otlp or none, is zipkin
          OTEL_TRACES_SAMPLER    | sometimes     | OTEL_TRACES_SAMPLER must be one of ["always_on","always_off","traceidratio",
          OTEL_TRACES_SAMPLER_ARG | 10%          | OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, is 10%
          OTEL_PROPAGATORS       | b3            | OTEL_PROPAGATORS must be some of tracecontext and baggage, or none, is b3
          OTEL_EXPORTER_OTLP_ENDPOINT | collector:4318 | OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://host:8000, is collector:4318
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://u:secret@a b | must be a URL such as http://host:8000, is http://***@a b
          OTEL_EXPORTER_OTLP_PROTOCOL | grpc     | OTEL_EXPORTER_OTLP_PROTOCOL must be one of ["http/protobuf"], is grpc
          OTEL_EXPORTER_OTLP_HEADERS | Bearer    | OTEL_EXPORTER_OTLP_HEADERS must be name=value, several with commas between them
          OTEL_EXPORTER_OTLP_COMPRESSION | zip   | OTEL_EXPORTER_OTLP_COMPRESSION must be one of ["gzip","none"], is zip
          OTEL_EXPORTER_OTLP_TIMEOUT | soon      | OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds, or one with ms, s, m, h or d, is soon
          OTEL_EXPORTER_OTLP_CERTIFICATE | /nowhere | OTEL_EXPORTER_OTLP_CERTIFICATE names no file that can be read
          OTEL_BSP_MAX_QUEUE_SIZE | many         | OTEL_BSP_MAX_QUEUE_SIZE must be a number above 0, is many
          OTEL_RESOURCE_ATTRIBUTES | homelab     | OTEL_RESOURCE_ATTRIBUTES must be name=value, several with commas between them, is homelab
          """)
  void namesTheVariableThatCannotBe(String variable, String value, String message)
      throws IOException {
    copyProject();
    Map<String, String> environment = Map.of(variable, value);

    List<Mistake> mistakes = VALIDATOR.check(home, environment);

    assertThat(mistakes)
        .extracting(Mistake::toString)
        .singleElement(as(STRING))
        .startsWith("environment: ")
        .contains(message);
    assertThat(ProjectValidator.checkStart(home, environment)).isEqualTo(mistakes);
  }

  @Test
  void namesWhatStandsForAVersion() throws IOException {
    copyProject();
    Files.createDirectories(home.resolve("deploy/any"));
    Files.writeString(
        home.resolve("deploy/any/pod.yaml"), "a: b\nimage: x@sha256:UNPINNED-some-thing # later\n");

    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();
    assertThat(ProjectValidator.unpinned(home))
        .map(Mistake::toString)
        .singleElement(as(STRING))
        .startsWith("deploy/any/pod.yaml:2: UNPINNED-some-thing stands for");
  }

  /** Files of a mounted ConfigMap are links into a folder that is replaced as a whole. */
  @Test
  void readsEachFileOfAMountedConfigMapOnce() throws IOException {
    copyProject();
    Path mounted = home.resolve("routes");
    Path moment = Files.move(mounted, home.resolve("moment"));
    Files.createDirectory(mounted);
    Files.move(moment, mounted.resolve("..2026_11_26_18_00_00.1"));
    Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..2026_11_26_18_00_00.1"));
    try (Stream<Path> files = Files.list(mounted.resolve("..data"))) {
      for (Path file : files.toList()) {
        Path name = file.getFileName();
        Files.createSymbolicLink(mounted.resolve(name), Path.of("..data").resolve(name));
      }
    }

    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();
  }

  @Test
  void readsFoldersThatAreLinks() throws IOException {
    copyProject();
    for (String folder : List.of("routes", "kamelets", "config")) {
      Path elsewhere = Files.move(home.resolve(folder), home.resolve("kept-" + folder));
      Files.createSymbolicLink(home.resolve(folder), elsewhere.getFileName());
    }

    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();
    change("routes/chat.camel.yaml", "schema: chat-request", "schema: chat-reqest");
    assertThat(VALIDATOR.check(home, Map.of()))
        .isNotEmpty()
        .allMatch(mistake -> mistake.file().equals("routes/chat.camel.yaml"));
  }

  @Test
  void takesWhatTheEnvironmentCanSay() throws IOException {
    copyProject();

    assertThat(
            VALIDATOR.check(
                home,
                Map.of(
                    "NATS_URL", "nats://one:4222, two:4222,tls://[::1]:4222",
                    "VLLM_URL", "https://khelben.local/v1/",
                    "MILVUS_HOST", "127.0.0.1",
                    "VALKEY_URL", "rediss://:password@valkey:6379/1",
                    "LLM_ROUTES_PORT", "0",
                    "CHAT_WORKERS", " 8 ")))
        .isEmpty();
  }

  @Test
  void takesWhatOpenTelemetryTakes() {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_SDK_DISABLED", "False");
    environment.put("OTEL_TRACES_EXPORTER", "");
    environment.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
    environment.put("OTEL_TRACES_SAMPLER_ARG", "0.25");
    environment.put("OTEL_PROPAGATORS", "tracecontext, baggage");
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "https://tempo.example.org:4318/base");
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20a=, x-scope-orgid=1");
    environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "2s");
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "100");
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "k8s.pod.name=a,service.namespace=ai-ml,");
    environment.put("OTEL_METRICS_EXPORTER", "whatever, since it is not used");

    assertThat(ProjectValidator.checkStart(Project.root(), environment)).isEmpty();
  }

  @Test
  void namesASettingThatIsMissing() throws IOException {
    copyProject();
    change("config/application.properties", "conversation.max-turns=50", "");

    assertThat(VALIDATOR.check(home, Map.of()))
        .extracting(Mistake::toString)
        .containsExactly("config/application.properties:1: conversation.max-turns is missing");
  }

  @Test
  void aSettingThatARouteUsesNeedsNoOtherReader() throws IOException {
    copyProject();
    change("config/application.properties", "# Camel\n", "my.limit=3\n# Camel\n");
    change(
        "routes/retrieval.camel.yaml",
        "maxTokens: \"{{chat.sources.max-tokens}}\"",
        "maxTokens: \"{{my.limit}}\"");
    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();

    change("config/application.properties", "my.limit=3", "my.limit=few");

    assertThat(VALIDATOR.check(home, Map.of()))
        .extracting(Mistake::toString)
        .singleElement(as(STRING))
        .contains("retrieval.camel.yaml", "must be integer");
  }

  @Test
  void readsTheCatalogueThatTheEnvironmentNames() throws IOException {
    copyProject();
    String text = Files.readString(home.resolve("config/pipelines.yaml"));
    Path mine = home.resolve("mine.yaml");
    Files.writeString(mine, text.replaceFirst("deadline: PT2H", "deadline: 2h"));

    assertThat(VALIDATOR.check(home, Map.of("PIPELINES_FILE", mine.toString())))
        .extracting(Mistake::toString)
        .singleElement(as(STRING))
        .startsWith(mine + ":")
        .contains("deadline must be an ISO 8601 duration");
    assertThat(VALIDATOR.check(home, Map.of("PIPELINES_FILE", home + "/none.yaml")))
        .extracting(Mistake::toString)
        .containsExactly(home + "/none.yaml:1: PIPELINES_FILE names no file");
  }

  @Test
  void takesAnchorsInEveryConfigFile() throws IOException {
    copyProject();
    change(
        "config/pipelines.yaml",
        "    allowed_users: [\"*\"]\n    max_running: 4",
        "    allowed_users: &everybody [\"*\"]\n    max_running: 4");
    change(
        "config/pipelines.yaml",
        "    allowed_users: [\"*\"]\n    max_running: 1",
        "    allowed_users: *everybody\n    max_running: 1");
    change(
        "config/ai-services-config.yaml", "    protocol: cohere", "    protocol: &protocol cohere");

    assertThat(VALIDATOR.check(home, Map.of())).isEmpty();
  }

  private void change(String file, String right, String other) throws IOException {
    String text = Files.readString(home.resolve(file));
    assertThat(text).contains(right);
    Files.writeString(home.resolve(file), text.replace(right, other));
  }

  private static String folder(String rejected) {
    String kind = rejected.substring(rejected.indexOf('.'));
    return switch (kind) {
      case ".camel.yaml" -> "routes";
      case ".kamelet.yaml" -> "kamelets";
      case ".mustache" -> "config/prompts";
      case ".schema.json" -> "config/schemas";
      case ".stream.yaml" -> "config/nats";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private void copyProject() throws IOException {
    for (String folder : List.of("routes", "kamelets", "config")) {
      try (Stream<Path> files = Files.walk(Project.root().resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, home.resolve(Project.root().relativize(file).toString()));
        }
      }
    }
  }
}
