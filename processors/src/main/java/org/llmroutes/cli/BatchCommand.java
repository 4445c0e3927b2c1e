package org.llmroutes.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.llmroutes.batch.BatchInference;
import org.llmroutes.batch.BatchReport;
import org.llmroutes.batch.BatchRequest;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.StepException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the model for every line of a file. */
@Command(
    description = {
      "Ask the LLM for every line of a JSONL file and write the results as JSONL.",
      "Run again, it asks only for what has no answer yet."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every line has an answer",
      "1:the service does not answer; run it again to go on",
      "2:wrong use",
      "3:done, but for the lines whose errors are in the output"
    })
final class BatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "INPUT",
      description = {
        "Lines of {\"prompt\": \"…\"} or {\"messages\": […]};",
        "id, temperature and max_tokens can be given beside it"
      })
  private Path input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Results; what it holds already is kept")
  private Path output;

  @Option(names = "--model", description = "The model (default: the one that chat uses)")
  private String model = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Lines in work at the same time (default: ${DEFAULT-VALUE})")
  private int concurrency = 8;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Of an answer, for lines that do not say it (default: ${DEFAULT-VALUE})")
  private int maxTokens = 512;

  @Override
  public Integer call() throws IOException {
    BatchRequest request = request();
    Settings settings = Clients.settings();
    long start = System.nanoTime();
    try (ProgressDisplay display = new ProgressDisplay(System.err, "Asking", "lines")) {
      BatchReport report = BatchInference.of(settings).run(request, display);
      display.end();
      print(report, Duration.ofNanos(System.nanoTime() - start));
      SummaryFile.write(report.summary());
      return exitCode(report);
    } catch (StepException e) {
      throw new CommandFailure(
          "%s (%s); once that is mended, run it again to go on"
              .formatted(e.getMessage(), PlatformServices.load(settings).llm().url()),
          e);
    }
  }

  private static int exitCode(BatchReport report) {
    if (report.cancelled() || report.unanswered() > 0) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    return report.failed() == 0 ? CommandLine.ExitCode.OK : LlmRoutes.LEFT_OUT;
  }

  private BatchRequest request() throws IOException {
    require(Files.isRegularFile(input), "There is no file " + input);
    require(
        !Files.exists(output) || !Files.isSameFile(input, output),
        "The output must be another file than the input");
    require(!Files.isDirectory(output), output + " is a folder");
    require(concurrency > 0, "--concurrency must be above 0");
    require(maxTokens > 0, "--max-tokens must be above 0");
    return new BatchRequest(input, output, model, concurrency, maxTokens);
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void print(BatchReport report, Duration time) {
    if (report.failed() > 0) {
      System.err.printf(
          "The last error of those in %s: %s%n", output, Printable.line(report.lastError()));
    }
    if (report.cancelled()) {
      System.out.println("Cancelled; run it again to go on");
    }
    System.out.printf(
        "Lines: %d done, %d failed, %d skipped; %d prompt and %d completion tokens; %.1f s%n",
        report.done(),
        report.failed(),
        report.skipped(),
        report.promptTokens(),
        report.completionTokens(),
        time.toMillis() / 1000.0);
  }
}
