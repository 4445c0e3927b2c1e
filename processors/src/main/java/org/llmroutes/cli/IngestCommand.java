package org.llmroutes.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.ingest.Ingestion;
import org.llmroutes.ingest.IngestionReport;
import org.llmroutes.ingest.IngestionRequest;
import org.llmroutes.ingest.Metadata;
import org.llmroutes.ingest.Prune;
import org.llmroutes.ingest.Shard;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.Readers;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Puts files into a collection. */
@Command(
    description = {
      "Cut Markdown, HTML, PDF, text and files of Office into chunks, embed them and put them into a collection.",
      "Run again, it replaces what changed and leaves the rest."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all that can be read is in the collection",
      "1:a service does not answer; run it again to go on",
      "2:wrong use",
      "3:done, but for what is named"
    })
final class IngestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, and folders to read whole")
  private List<Path> paths;

  @Option(
      names = "--collection",
      converter = CollectionConverter.class,
      description = "The Milvus collection, created when missing (default: ${DEFAULT-VALUE})")
  private String collection = "documents";

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description =
          "A field to filter searches by, set on every document; true, false and numbers are kept as such (repeatable)")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Option(
      names = "--readers",
      paramLabel = "READERS",
      description =
          "Who may read the documents: user:NAME, group:NAME or public, separated by commas; or stated: whom a document names in its front matter, else who may read it now, else ingestion.default-readers (default: ${DEFAULT-VALUE})")
  private String readers = Readers.STATED;

  @Option(
      names = "--prune",
      description = "Remove documents below the given folders whose files no longer exist")
  private boolean prune;

  @Option(
      names = "--allow-empty",
      description =
          "With --prune: also remove all documents of a folder that has no files, as one that is not mounted")
  private boolean allowEmpty;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      converter = ShardConverter.class,
      description = "Only the I-th of N parts of the documents, so that N runs can share the work")
  private Shard shard = Shard.ALL;

  @Option(names = "--json", description = "Print what was done as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    IngestionRequest request = request();
    Settings settings = Clients.settings();
    PlatformServices services = PlatformServices.load(settings);
    try (MilvusConnection milvus = new MilvusConnection(services.milvus());
        ProgressDisplay display = new ProgressDisplay(System.err, "Ingesting", "files")) {
      IngestionReport report = Ingestion.of(settings, milvus).ingest(request, display);
      display.end();
      IngestionPrinter.print(report, json);
      SummaryFile.write(report.summary());
      return exitCode(report);
    } catch (StepException e) {
      String address = "embed".equals(e.step()) ? " (" + services.embeddings().url() + ")" : "";
      String next =
          e.code() == ErrorCode.REJECTED
              ? ""
              : "; is ./dev up running? Once that is mended, run it again to go on";
      throw new CommandFailure(e.getMessage() + address + next, e);
    }
  }

  private static int exitCode(IngestionReport report) {
    if (report.cancelled()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    return report.problems().isEmpty() ? CommandLine.ExitCode.OK : LlmRoutes.LEFT_OUT;
  }

  private IngestionRequest request() {
    require(paths.stream().noneMatch(path -> path.toString().isBlank()), "A PATH is empty");
    Map<String, Object> values = new LinkedHashMap<>();
    metadata.forEach(
        (name, value) -> {
          require(
              !"readers".equalsIgnoreCase(name),
              "readers is no metadata; --readers READERS says who may read");
          require(
              Metadata.isName(name),
              name + " cannot be a metadata field: reserved, or not letters, digits and _");
          values.put(name, Metadata.value(value));
        });
    paths.forEach(path -> require(Files.exists(path), "There is no file or folder " + path));
    require(prune || !allowEmpty, "--allow-empty goes with --prune");
    return new IngestionRequest(
        collection,
        paths,
        List.of(),
        Path.of("").toAbsolutePath().normalize(),
        readers(),
        values,
        pruned(),
        shard);
  }

  private List<String> readers() {
    try {
      return Readers.ofIngestion(readers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--readers: " + e.getMessage(), e);
    }
  }

  private Prune pruned() {
    if (!prune) {
      return Prune.NONE;
    }
    return allowEmpty ? Prune.GONE_OR_EMPTY : Prune.GONE;
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private static final class ShardConverter implements ITypeConverter<Shard> {
    @Override
    public Shard convert(String text) {
      try {
        return Shard.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
