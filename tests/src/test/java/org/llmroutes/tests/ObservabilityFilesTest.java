package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmroutes.config.YamlFile;
import org.llmroutes.local.Project;

/** Dashboards and alerts speak of metrics that there are, and alerts fire when they should. */
class ObservabilityFilesTest {
  private static final Path FOLDER = Project.root().resolve("deploy/observability");
  private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
  private static final Path TESTS = FOLDER.resolve("alerts.test.yaml");

  /** What Prometheus adds. */
  private static final Set<String> OF_TARGETS = Set.of("instance", "job", "namespace", "pod");

  /** An expression and where it stands. */
  record Query(String where, String expression) {
    @Override
    public String toString() {
      return where;
    }
  }

  static List<Query> queries() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonNode rule : rules()) {
      queries.add(new Query(rule.path("alert").asText(), rule.path("expr").asText()));
    }
    for (Path file : dashboards()) {
      for (JsonNode panel : dashboard(file).path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          String where = file.getFileName() + ": " + panel.path("title").asText();
          queries.add(new Query(where, filledIn(target.path("expr").asText())));
        }
      }
    }
    return queries;
  }

  /** As Grafana fills variables in. */
  static String filledIn(String expression) {
    return expression.replace("$__rate_interval", "5m").replace("$route", ".*");
  }

  private static JsonNode rules() {
    return YamlFile.read(ALERTS, "alerts.yaml").at("/groups/0/rules");
  }

  static List<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("dashboards"))) {
      return files.sorted().toList();
    }
  }

  private static JsonNode dashboard(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void speaksOfWhatIsMeasured(Query query) {
    Map<String, MetricsTable.Row> table = MetricsTable.read();
    Expression expression = Expression.of(query.expression());
    Set<String> labels = new TreeSet<>(OF_TARGETS);
    assertThat(expression.metrics()).isNotEmpty();
    for (String metric : expression.metrics()) {
      String family = metric.replaceFirst("_(bucket|sum|count|max)$", "");
      MetricsTable.Row row = table.getOrDefault(metric, table.get(family));
      assertThat(row).as(metric).isNotNull();
      assertThat(table.containsKey(metric))
          .as("a part of %s, a %s", family, row.type())
          .isNotEqualTo("histogram".equals(row.type()));
      labels.addAll(row.labels());
      if (metric.endsWith("_bucket")) {
        labels.add("le");
      }
    }
    assertThat(labels).containsAll(expression.labels());
  }

  @Test
  void findsWhatIsNotMeasured() {
    Expression expression =
        Expression.of(
            "sum by (route, le) (rate(llm_routes_nothing_total{colour=~\"re(d|se)\"}[5m])) / on (step)"
                + " group_left () max(other:name) > 2.5e3 and up offset 5m");

    assertThat(expression.metrics())
        .containsExactly("llm_routes_nothing_total", "other:name", "up");
    assertThat(expression.labels()).containsExactly("colour", "le", "route", "step");
  }

  @Test
  void everyAlertHasARunbookAndTwoCases() throws IOException {
    String runbooks = Files.readString(Project.root().resolve("docs/runbooks.md"));
    List<String> sections =
        runbooks.lines().filter(l -> l.startsWith("## ")).map(l -> l.substring(3)).toList();
    List<String> alerts = rules().findValuesAsText("alert");
    List<String> cases = YamlFile.read(TESTS, "alerts.test.yaml").findValuesAsText("name");

    assertThat(sections).containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(cases)
        .containsExactlyInAnyOrderElementsOf(
            alerts.stream().flatMap(a -> Stream.of(a + " fires", a + " is silent")).toList());
    for (JsonNode rule : rules()) {
      String name = rule.path("alert").asText();
      assertThat(rule.at("/annotations/runbook_url").asText())
          .endsWith("/runbooks.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
    }
  }

  @Test
  void alertsFireWhenTheyShould() throws IOException {
    Assumptions.assumeTrue(Promtool.isInstalled(), Promtool.MISSING);

    assertThat(Promtool.run("check", "rules", ALERTS.toString())).isEmpty();
    assertThat(Promtool.run("test", "rules", TESTS.toString())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void aDashboardLeavesItsDataSourceToGrafana(Path file) throws IOException {
    JsonNode dashboard = dashboard(file);
    assertThat(dashboard.path("uid").asText()).startsWith("llm-routes-");
    assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
    assertThat(dashboard.findValues("datasource"))
        .allMatch(source -> "${datasource}".equals(source.path("uid").asText()));
    Set<Integer> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      assertThat(places.add(panel.at("/gridPos/x") + " " + panel.at("/gridPos/y"))).isTrue();
      assertThat(panel.path("description").asText()).isNotEmpty();
      assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
    }
  }
}
