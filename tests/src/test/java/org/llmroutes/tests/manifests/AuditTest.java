package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Project;
import org.llmroutes.local.ai.JsonServer;

/** {@code ./dev audit} asks OSV about every package by its name and version. */
class AuditTest {
  private static final String VULNERABLE = "pkg:pypi/msgpack@1.0.0";

  @TempDir private Path folder;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void pin() throws IOException {
    write("requirements.txt", "msgpack==1.0.0 \\\n    --hash=sha256:ab\n# via nothing\n");
    write(
        "maven.cdx.json",
        "{\"components\": [{\"purl\": \"pkg:maven/io.nats/jnats@2.26.2?type=jar\"}]}");
    write(
        "package-lock.json",
        "{\"packages\": {\"\": {\"version\": \"1\"}, \"node_modules/@a/b\": {\"version\": \"2.0.0\"}}}");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Object answer(JsonNode request) {
    List<Object> results = new ArrayList<>();
    for (JsonNode query : request.path("queries")) {
      String purl = query.at("/package/purl").asText();
      asked.add(purl);
      results.add(
          VULNERABLE.equals(purl)
              ? Map.of("vulns", List.of(Map.of("id", "GHSA-1"), Map.of("id", "CVE-2")))
              : Map.of());
    }
    return Map.of("results", results);
  }

  @Test
  void namesWhatIsKnownOfWhichPackage() throws Exception {
    try (JsonServer osv = new JsonServer(0)) {
      osv.on("/v1/querybatch", this::answer);

      assertThat(audit(osv.url(), 1))
          .isEqualTo(
              "pkg:pypi/msgpack@1.0.0 GHSA-1 CVE-2\n1 of 3 packages have known vulnerabilities\n");
    }
    assertThat(asked)
        .containsExactly("pkg:maven/io.nats/jnats@2.26.2", "pkg:npm/%40a/b@2.0.0", VULNERABLE);
  }

  @Test
  void saysWhereTheDatabaseCannotBeAsked() throws Exception {
    assertThat(audit("http://127.0.0.1:1", 2)).contains("http://127.0.0.1:1 cannot be asked");
  }

  private String audit(String database, int exit) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                "python3",
                "-B",
                Project.root().resolve("deploy/tools/audit.py").toString(),
                "requirements.txt",
                "maven.cdx.json",
                "package-lock.json")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("OSV_URL", database);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(exit);
    return output;
  }
}
