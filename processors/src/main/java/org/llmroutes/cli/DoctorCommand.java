package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.doctor.Doctor;
import org.llmroutes.doctor.Finding;
import org.llmroutes.doctor.State;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what is well, what is not, and what to do. */
@Command(
    description =
        "Ask every part how it is, and say what to do where it is not well; nothing is changed",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all is well, or there are warnings only", "1:something is not well"},
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      completionCandidates = Parts.class,
      description = "Ask these alone, with commas: ${COMPLETION-CANDIDATES}")
  private Set<String> only = Doctor.parts();

  @Option(names = "--json", description = "Print a JSON object: well, and what was found")
  private boolean json;

  @Option(
      names = "--collection",
      converter = CollectionConverter.class,
      description = "The Milvus collection to look at (default: ${DEFAULT-VALUE})")
  private String collection = "documents";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "How long a part may take; all are asked at the same time (default: ${DEFAULT-VALUE})")
  private int timeout = 10;

  /** The names that picocli tells in the help. */
  static final class Parts extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Parts() {
      super(Doctor.parts());
    }
  }

  /** What {@code --json} prints. */
  record Report(boolean well, List<Finding> findings) {}

  @Override
  public Integer call() throws Exception {
    List<String> unknown = only.stream().filter(part -> !Doctor.parts().contains(part)).toList();
    require(unknown.isEmpty(), "--only knows " + String.join(", ", Doctor.parts()));
    require(timeout > 0, "--timeout must be above 0");
    Settings settings = Clients.settings();
    List<Finding> findings;
    try (ProgressDisplay progress = new ProgressDisplay(System.err, "Asking", "parts")) {
      findings = Doctor.look(settings, only, collection, Duration.ofSeconds(timeout), progress);
    }
    boolean well = findings.stream().noneMatch(one -> one.state() == State.NOT_WELL);
    print(new Report(well, findings));
    return well ? 0 : 1;
  }

  private void print(Report report) throws JsonProcessingException {
    if (json) {
      System.out.println(PrintableJson.lines(report));
    } else {
      new FindingsTable(report.findings()).print(System.out, Terminal.width());
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
