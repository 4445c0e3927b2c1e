package org.llmroutes.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Java and the machine that this command runs on, which is that of a pod where it runs in one.
 */
final class MachineCheck implements Check {
  private static final long MEGABYTE = 1 << 20;

  /** What is written here: temporary files of documents and audio. */
  private static final long LEAST_DISK = 512 * MEGABYTE;

  /** What a serving instance is given by the launcher. */
  private static final long LEAST_HEAP = 192 * MEGABYTE;

  @Override
  public String part() {
    return "machine";
  }

  @Override
  public void look(Installation here, Findings found) throws IOException {
    found.well("java", Runtime.version() + " of " + System.getProperty("java.vendor"));
    archive(found);
    long heap = Runtime.getRuntime().maxMemory();
    String size = "%d MB at most".formatted(heap / MEGABYTE);
    if (heap < LEAST_HEAP) {
      found.warning(
          "heap", size, "give the container more memory; routes are started with 192 MB of heap");
    } else {
      found.well("heap", size);
    }
    disk("temporary files", Path.of(System.getProperty("java.io.tmpdir")), found);
    if (here.has("pipeline")) {
      disk(
          "pipeline files",
          here.settings().path(here.settings().get("pipelines.local.root")).normalize(),
          found);
    }
  }

  /** As the launcher names it; what else starts Java does without. */
  private static void archive(Findings found) {
    Optional<Path> named =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(a -> a.startsWith("-XX:SharedArchiveFile=") || a.startsWith("-XX:AOTCache="))
            .map(a -> Path.of(a.substring(a.indexOf('=') + 1)))
            .findFirst();
    if (named.isEmpty()) {
      found.notUsed("archive", "this start named none");
    } else if (Files.isReadable(named.get())) {
      found.well("archive", "classes of a start are kept in " + named.get());
    } else {
      found.warning(
          "archive",
          "there is no " + named.get() + ", so starts take longer than they could",
          "`llm-routes archive` makes it");
    }
  }

  private static void disk(String name, Path folder, Findings found) throws IOException {
    if (!Files.isDirectory(folder)) {
      found.notWell(name, "there is no folder " + folder, "make it, or name another one");
      return;
    }
    FileStore store = Files.getFileStore(folder);
    String free = "%d MB free in %s".formatted(store.getUsableSpace() / MEGABYTE, folder);
    if (!Files.isWritable(folder)) {
      found.notWell(name, folder + " cannot be written", "mount it writable for this user");
    } else if (store.getUsableSpace() < LEAST_DISK) {
      found.warning(name, free, "make room there");
    } else {
      found.well(name, free);
    }
  }
}
