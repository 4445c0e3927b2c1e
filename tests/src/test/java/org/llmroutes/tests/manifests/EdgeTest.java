package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Envoy checks what it can check, and cuts nothing off. */
class EdgeTest {
  private static List<JsonNode> documents;

  @BeforeAll
  static void render() throws IOException {
    documents = ManifestsTest.withComponent("deploy/components/envoy-gateway");
  }

  private static List<JsonNode> all(String kind) {
    return documents.stream().filter(one -> kind.equals(one.path("kind").asText())).toList();
  }

  private static Set<String> targets(String kind) {
    Set<String> names = new TreeSet<>();
    for (JsonNode policy : all(kind)) {
      policy.at("/spec/targetRefs").forEach(target -> names.add(target.path("name").asText()));
    }
    return names;
  }

  @Test
  void noAnswerIsCutOffWhicheverRouteItTakes() {
    assertThat(targets("BackendTrafficPolicy"))
        .isEqualTo(
            all("HTTPRoute").stream()
                .map(route -> route.at("/metadata/name").asText())
                .collect(Collectors.toSet()));
    assertThat(all("HTTPRoute"))
        .allMatch(route -> "0s".equals(route.at("/spec/rules/0/timeouts/request").asText()))
        .allMatch(route -> "llm.example.org".equals(route.at("/spec/hostnames/0").asText()));
  }

  /** It refuses whatever is no JWT where it looks for one, and API keys are none. */
  @Test
  void onlyWhatIsAJwtIsCheckedAsOne() {
    assertThat(targets("SecurityPolicy")).containsExactly("llm-routes-tokens");
    JsonNode header =
        all("HTTPRoute").stream()
            .filter(route -> "llm-routes-tokens".equals(route.at("/metadata/name").asText()))
            .findFirst()
            .orElseThrow()
            .at("/spec/rules/0/matches/0/headers/0");

    assertThat(header.path("name").asText()).isEqualTo("Authorization");
    String value = header.path("value").asText();
    assertThat("Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln").matches(value);
    assertThat("Bearer lrk_3q2-7_wAAAAAAAAAAAAAAAAAAAAAAAAAAAA").doesNotMatch(value);
  }
}
