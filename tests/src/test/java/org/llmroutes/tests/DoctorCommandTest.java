package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Ports;

/** The doctor beside a running platform. */
class DoctorCommandTest {
  private static final Stack STACK = Stack.shared();

  @TempDir private Path folder;

  @Test
  void findsAllOfItWell() throws Exception {
    ProductCommand.Result result = product(Map.of()).run("doctor", "--timeout", "60");

    assertThat(result.output()).doesNotContain("NOT WELL", "NOT ASKED", "\tat ");
    assertThat(result.output())
        .containsPattern("well +nats +connection")
        .containsPattern("well +milvus +model")
        .containsPattern("well +llm +stream")
        .containsPattern("well +tts +call")
        .containsPattern("well +routes +ready")
        .containsPattern("well +gateway +here");
    assertThat(result.exit()).isZero();
  }

  @Test
  void tellsAutomationWhatIsNot() throws Exception {
    String away = "redis://:hunter22@127.0.0.1:" + Ports.free(0);

    ProductCommand.Result result =
        product(Map.of("VALKEY_URL", away))
            .run("doctor", "--json", "--only", "valkey,llm", "--timeout", "60");

    assertThat(result.exit()).isOne();
    assertThat(result.output()).doesNotContain("hunter22");
    JsonNode report =
        new ObjectMapper().readTree(result.output().substring(result.output().indexOf('{')));
    assertThat(report.path("well").asBoolean(true)).isFalse();
    JsonNode finding = report.at("/findings/0");
    assertThat(finding.path("part").asText()).isEqualTo("valkey");
    assertThat(finding.path("state").asText()).isEqualTo("not_well");
    assertThat(finding.path("advice").asText()).contains("VALKEY_URL");
  }

  private ProductCommand product(Map<String, String> more) {
    return new ProductCommand(folder, STACK.environment, more);
  }
}
