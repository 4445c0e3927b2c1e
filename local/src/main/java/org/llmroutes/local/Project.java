package org.llmroutes.local;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.stream.Stream;

/** Where the project is, and what {@code ./dev} installed for it below {@code .dev}. */
public final class Project {
  private Project() {}

  /**
   * The folder with {@code dev}: the system property {@code project.root}, or the first one upward
   * from here.
   */
  public static Path root() {
    String given = System.getProperty("project.root");
    Path folder = Path.of(given == null ? "" : given).toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("dev"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("Not inside the project: no folder upward holds ./dev");
    }
    return folder;
  }

  /**
   * A file that the pinned Python packages bring.
   *
   * @param glob relative to {@code .dev/venv}, for instance {@code bin/nats-server}
   */
  public static Path installed(String glob) {
    return installed("venv", glob);
  }

  /**
   * A file that the pinned Python packages of one environment bring.
   *
   * @param environment {@code venv}, or {@code voice} for the speech services
   * @param glob relative to it
   */
  public static Path installed(String environment, String glob) {
    Path venv = root().resolve(".dev").resolve(environment);
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + venv + "/" + glob);
    try (Stream<Path> files = Files.walk(venv)) {
      return files
          .filter(matcher::matches)
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "No " + glob + " in .dev/" + environment + "; run ./dev install"));
    } catch (IOException e) {
      throw new IllegalStateException("No .dev/" + environment + "; run ./dev install", e);
    }
  }
}
