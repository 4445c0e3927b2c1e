package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong use is told at once, with what would be right, before anything is asked of a server. */
class CommandUseTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chat --user ada@example.org Hello | '--user' | ada_40example_2Eorg",
        "chat --user jürgen Hello | 1 to 128 of A-Z a-z 0-9 _ - | j_C3_BCrgen",
        "chat --user my_name. Hello | '--user' | my__name_2E",
        "chat --user * Hello | '--user' | _2A",
        "chat --session a.b Hello | '--session' | a_2Eb",
        "chat --collection my-docs Hello | '--collection' | letters, digits and _, not my-docs",
        "chat --timeout 0 Hello | --timeout | above 0",
        "chat --timeout -5 Hello | --timeout | above 0",
        "chat --top-k 51 Hello | --top-k | 1 to 50",
        "chat EMPTY | QUESTION | empty",
        "chat BLANK | QUESTION | empty",
        "ingest EMPTY | PATH | empty",
        "setup --collection 1st | '--collection' | letters, digits",
        "ingest . --readers hr | --readers | a reader is user:NAME",
        "users set a.b --groups hr | USER | a_2Eb",
        "users set ada --groups EMPTY | A group has | 1 to 128",
        "users set ada --groups hr --for 3 | '--for' | a duration such as",
        "doctor --only nowhere | --only | nats, streams",
        "doctor --timeout 0 | --timeout | above 0",
        "cancel a.b | REQUEST_ID | 1 to 128 of A-Z",
        "pipeline run x --user a@b | '--user' | a_40b",
        "pipeline run x --request-id a.b | '--request-id' | 1 to 128",
        "voice EMPTY | FILE | empty",
        "voice --format flac q.wav | --format | wav, mp3, opus",
        "voice --user a.b q.wav | '--user' | a_2Eb"
      })
  void isToldWithTheRule(String command, String what, String rule) throws Exception {
    String[] arguments = command.split(" ");
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = arguments[i].replace("EMPTY", "").replace("BLANK", "  ");
    }

    ProductCommand.Result result = product().run(arguments);

    assertThat(result.exit()).as(result.output()).isEqualTo(2);
    assertThat(result.output()).contains(what, rule).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({"chat Hello", "cancel abc", "setup", "dlq list", "pipeline run document-ingestion"})
  void withoutAStackTheHintComesFirst(String command) throws Exception {
    ProductCommand.Result result = product().run(command.split(" "));

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output().lines().toList().get(0)).contains("./dev up", "nats://127.0.0.1:1");
    assertThat(result.output()).doesNotContain("\tat ", "WARN");
  }

  @Test
  void namesTheFileThatCannotBeRead() throws Exception {
    Files.createDirectory(folder.resolve("folder.wav"));

    assertThat(product().run("voice", "nowhere.wav").output()).contains("nowhere.wav");
    assertThat(product().run("voice", "folder.wav").output()).contains("folder.wav");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx32m", "-Xms1g -Xmx2g", "-XX:+UseG1GC"})
  void startsInTheMemoryThatItIsGiven(String options) throws Exception {
    ProductCommand.Result result = product(Map.of("JAVA_OPTS", options)).run("run", "--help");

    assertThat(result.exit()).as(result.output()).isZero();
  }

  private ProductCommand product() {
    return product(Map.of());
  }

  private ProductCommand product(Map<String, String> others) {
    return new ProductCommand(folder, Map.of("NATS_URL", "nats://127.0.0.1:1"), others);
  }
}
