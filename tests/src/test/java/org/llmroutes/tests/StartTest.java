package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.Ports;

/** The routes do not start where they could not serve, and say why. */
class StartTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "LLM_ROUTES_PORT, eighty, 'LLM_ROUTES_PORT must be a port from 0 to 65535, is eighty'",
    "LLM_ROUTES_HOST, no.such.host.invalid, there is no address no.such.host.invalid",
    "CHAT_WORKERS, abc, 'environment: CHAT_WORKERS must be integer, is abc'",
    "VLLM_URL, localhost, environment: VLLM_URL must be a URL"
  })
  void sayWhatCannotBe(String variable, String value, String message) throws Exception {
    ProductCommand.Result result =
        new ProductCommand(folder, Map.of(variable, value), Map.of()).run("run");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).contains("run: ", message).doesNotContain("\tat ");
  }

  /** No archive holds its classes, so that each start would read them from their jar. */
  @ParameterizedTest
  @ValueSource(strings = {"run", "run --validate"})
  void doWithoutTheParserOfOtherCommands(String command) throws Exception {
    Map<String, String> own = Map.of("CHAT_WORKERS", "abc", "JAVA_OPTS", "-Xlog:class+load");
    ProductCommand.Result result =
        new ProductCommand(folder, Map.of(), own).run(command.split(" "));

    assertThat(result.output())
        .contains("CHAT_WORKERS must be integer", "org.llmroutes.cli.RunCommand ")
        .doesNotContain("picocli.CommandLine ");
  }

  @ParameterizedTest
  @CsvSource({"LLM_ROUTES_PORT,GATEWAY_PORT", "GATEWAY_PORT,LLM_ROUTES_PORT"})
  void nameTheProcessThatHasThePort(String variable, String other) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> ports =
          Map.of(
              variable,
              Integer.toString(taken.getLocalPort()),
              other,
              Integer.toString(Ports.free(0)));
      ProductCommand.Result result = new ProductCommand(folder, ports, Map.of()).run("run");

      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.output())
          .contains(Integer.toString(taken.getLocalPort()), "in use", "java")
          .contains("(pid " + ProcessHandle.current().pid() + ")");
    }
  }

  /** As in a cluster: old instances serve on, and the pod says why the new one does not. */
  @Test
  void nameTheMistakeInARouteFirst() throws Exception {
    ProjectCopy home = ProjectCopy.into(Files.createDirectory(folder.resolve("home")));
    home.edit("routes/chat.camel.yaml", "variableSend: prompt", "variableSend: promt");
    Path termination = folder.resolve("termination-log");
    Map<String, String> own =
        Map.of(
            "LLM_ROUTES_HOME",
            home.home().toString(),
            "LLM_ROUTES_SUMMARY_FILE",
            termination.toString());

    ProductCommand.Result result =
        new ProductCommand(folder, Map.of(), own).run("run", "--validate");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).matches("run: routes/chat.camel.yaml:\\d+: [^\n]+ promt; .*\n");
    assertThat(termination).content().startsWith("routes/chat.camel.yaml:");
  }

  @Test
  void wantTwoPorts() throws Exception {
    String port = Integer.toString(Ports.free(0));
    Map<String, String> ports = Map.of("LLM_ROUTES_PORT", port, "GATEWAY_PORT", port);

    ProductCommand.Result result = new ProductCommand(folder, ports, Map.of()).run("run");

    assertThat(result)
        .isEqualTo(
            new ProductCommand.Result(
                1,
                "run: GATEWAY_PORT and LLM_ROUTES_PORT are both %s; set one to another port%n"
                    .formatted(port)));
  }

  @Test
  void canBeAskedWithoutStarting() throws Exception {
    Map<String, String> ports =
        Map.of("LLM_ROUTES_PORT", "0", "GATEWAY_PORT", Integer.toString(Ports.free(0)));

    ProductCommand.Result result =
        new ProductCommand(folder, ports, Map.of()).run("run", "--check");

    assertThat(result).isEqualTo(new ProductCommand.Result(0, "The routes can start\n"));
  }
}
