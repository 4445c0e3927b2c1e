package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.platform.Platform;
import org.llmroutes.tests.GatewayClient.Answered;
import org.llmroutes.tests.GatewayClient.Event;

/** Documents that are sent to the gateway, and who reads them then. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayUploadTest {
  private static final String HERON = "# Herons\n\nThe heron waits for fish in shallow water.\n";

  private final Stack stack = Stack.shared();
  private final String collection = "c" + UUID.randomUUID().toString().replace("-", "");
  private Platform gateway;
  private GatewayClient local;
  private GatewayClient eve;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put("ROUTES_ENABLED", "gateway");
    environment.put("AUTH_METHODS", "keys");
    environment.put(
        "AUTH_KEYS_FILE",
        KeysFile.write(folder.resolve("keys.yaml"), "L: local, groups: [birders]", "E: eve")
            .toString());
    environment.put("QUOTA_DOCUMENT_BYTES_PER_DAY", "3000000");
    environment.put("INGESTION_FILE_MAX_BYTES", "2000000");
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    gateway = new Platform(Settings.load(Project.root(), environment));
    gateway.start();
    local = new GatewayClient(environment, "L");
    eve = new GatewayClient(environment, "E");
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  @Test
  void isReadByWhoeverSentItAloneWhateverItSaysItself() throws Exception {
    Map<String, Object> end =
        upload(
            Map.of(),
            "own.md",
            "---\nreaders: public\n---\n" + "# Wrens\n\nThe wren sings in the hedge.\n");

    assertThat(end)
        .containsEntry("status", "succeeded")
        .containsEntry("message", "uploads/local/own.md is new in " + collection);
    assertThat(sources(local, "What does the wren do?")).contains("uploads/local/own.md");
    assertThat(sources(eve, "What does the wren do?")).doesNotContain("own.md");
  }

  @Test
  void isReadByOthersWhereItsReadersSaySo() throws Exception {
    upload(Map.of("readers", "public"), "birds/heron.md", HERON);
    assertThat(sources(eve, "What does the heron do?")).contains("uploads/local/birds/heron.md");

    Map<String, Object> again =
        upload(
            Map.of("readers", "group:birders"), "birds\\heron.md", HERON.replace("fish", "an eel"));

    assertThat(again).extractingByKey("message").asString().contains("heron.md was replaced");
    assertThat(sources(eve, "What does the heron do?")).doesNotContain("heron.md");
    assertThat(sources(local, "What does the heron do?")).contains("an eel").doesNotContain("fish");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          broken.pdf   | %PDF-1.7 nothing | uploads/local/broken.pdf is not
          virus.exe    | MZ               | is of a type that is not read
          empty.md     | ''               | empty.md has no text
          """)
  void namesWhatCannotBeRead(String file, String content, String because) throws Exception {
    Map<String, Object> end = upload(Map.of(), file, content);

    assertThat(end).containsEntry("status", "failed");
    assertThat(end).extractingByKey("message").asString().contains(because);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '../../etc/cron.md'      | public       | 400 | file:
          'a/..\\b.md'             | public       | 400 | file:
          '/'                      | public       | 400 | file:
          'a\u202Efdp.md'          | public       | 400 | file:
          'a.md'                   | everybody    | 400 | readers:
          'a.md'                   | group:hr     | 403 | readers:
          'a.md'                   | user:eve     | 403 | readers:
          """)
  void refusesWhatNobodyMaySend(String file, String readers, int status, String because)
      throws Exception {
    Answered refused = local.send(form(local, Map.of("readers", readers), file, "text"));

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.error()).extractingByKey("message").asString().startsWith(because);
  }

  @Test
  void refusesWhoeverMayNotIngest() throws Exception {
    assertThat(eve.send(form(eve, Map.of(), "a.md", HERON)).status()).isEqualTo(403);
    Answered direct =
        eve.post(
            "/api/pipelines/document-upload/runs", Map.of("parameters", Map.of("upload", "any")));
    assertThat(direct.status()).isEqualTo(404);
    HttpRequest.Builder elsewhere =
        form(local, "/api/collections/..%2Fx/documents", Map.of(), "a.md", HERON);
    assertThat(local.send(elsewhere).status()).isEqualTo(400);
  }

  @Test
  void refusesMoreThanFitsOrThanTheQuotaHas() throws Exception {
    String large = "word ".repeat(390_000);
    assertThat(local.send(form(local, Map.of(), "a.md", large + large)).status()).isEqualTo(413);
    int first = local.send(form(local, Map.of("readers", "user:local"), "a.exe", large)).status();
    assertThat(first).isEqualTo(202);

    Answered second = local.send(form(local, Map.of(), "b.exe", large));

    assertThat(second.status()).isEqualTo(429);
    assertThat(second.error()).extractingByKey("message").asString().contains("of documents");
  }

  private Map<String, Object> upload(Map<String, String> fields, String file, String content)
      throws Exception {
    List<Event> events = local.events(form(local, fields, file, content), event -> {});
    return events.get(events.size() - 1).data();
  }

  /** What the sources of an answer are, with their texts. */
  private String sources(GatewayClient client, String question) throws Exception {
    return String.valueOf(
        client
            .post("/api/chat", Map.of("message", question, "collection", collection))
            .body()
            .get("sources"));
  }

  private HttpRequest.Builder form(
      GatewayClient client, Map<String, String> fields, String file, String content) {
    return form(client, "/api/collections/" + collection + "/documents", fields, file, content);
  }

  private static HttpRequest.Builder form(
      GatewayClient client, String path, Map<String, String> fields, String file, String content) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    fields.forEach((name, value) -> part(body, "name=\"" + name + "\"", value));
    part(body, "name=\"file\"; filename=\"" + file + "\"", content);
    body.writeBytes("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
    return client
        .request(path)
        .header("Content-Type", "multipart/form-data; boundary=limit")
        .POST(BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private static void part(ByteArrayOutputStream body, String disposition, String content) {
    String part = "--limit\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n";
    body.writeBytes(part.formatted(disposition, content).getBytes(StandardCharsets.UTF_8));
  }
}
