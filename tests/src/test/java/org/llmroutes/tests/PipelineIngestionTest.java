package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** What a pipeline has ingested in this process can be asked for in chat. */
class PipelineIngestionTest {
  private final Stack stack = Stack.shared();

  @Test
  void newTextIsAnsweredFrom(@TempDir Path folder) throws Exception {
    Files.createDirectories(stack.files.resolve("birds"));
    Files.writeString(
        stack.files.resolve("birds/herons.md"),
        "# Herons\n\nHerons build their nests in tall trees.");
    String collection = "birds_" + ProcessHandle.current().pid();

    ProductCommand.Result result =
        new ProductCommand(folder, stack.environment, Map.of())
            .run(
                "pipeline",
                "run",
                "document-ingestion",
                "-p",
                "source=birds",
                "-p",
                "collection=" + collection);

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("accepted", "succeeded");
    stack.vllm.script(request -> Reply.of("In tall trees [1]."));
    Map<String, Object> question = Client.request("Where do herons build their nests?");
    question.put("collection", collection);
    assertThat(new Client(stack.nats).ask(question).sources().get(0))
        .containsEntry("document", "birds/herons.md");
  }
}
