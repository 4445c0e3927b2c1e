package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.Project;
import org.llmroutes.validate.ProjectValidator;

/** The example of the README: a step is one entry in one file. */
class ReadmeTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example: after ([a-z-]+) -->\\n```yaml\\n(.*?)```", Pattern.DOTALL);
  private static final String ROUTE = "routes/retrieval.camel.yaml";

  @TempDir private Path home;

  @Test
  void itsStepIsInsertedByOneEntry() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(Project.root().resolve("README.md")));
    assertThat(example.find()).isTrue();
    ProjectCopy project = ProjectCopy.into(home);
    insertAfter(project, example.group(1), example.group(2));
    assertThat(new ProjectValidator().check(home, Map.of())).isEmpty();

    try (Stack stack = new Stack(home, platform -> {})) {
      String collection =
          stack.documents.collectionOf("Herons eat fish.", "Yeast makes carbon dioxide.");
      Map<String, Object> request = Client.request("What do herons eat?");
      request.put("collection", collection);
      request.put("enable_reranker", false);

      Asked asked = new Client(stack.nats).ask(request);

      assertThat(asked.sources()).isNotEmpty();
      assertThat(asked.sources())
          .allSatisfy(
              source -> assertThat((Double) source.get("score")).isGreaterThanOrEqualTo(0.5));
      assertThat(asked.timings()).containsKey("drop");
    }
  }

  /**
   * As an editor would: the entry goes after that of a step, with the indentation of its
   * neighbours.
   */
  private static void insertAfter(ProjectCopy project, String step, String entry)
      throws IOException {
    String route = Files.readString(project.home().resolve(ROUTE));
    Matcher neighbour =
        Pattern.compile("( +)- to:\\n +id: " + step + "\\n(?:\\1 +.*\\n)*").matcher(route);
    assertThat(neighbour.find()).isTrue();
    project.edit(
        ROUTE, neighbour.group(), neighbour.group() + entry.indent(neighbour.group(1).length()));
  }
}
