package org.llmroutes.validate;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the files that engineers edit, without starting anything. One instance can check again and
 * again.
 */
public final class ProjectValidator {
  private static final String SETTINGS = "config/application.properties";

  private final ClassPath classPath = new ClassPath();
  private final RouteCheck routes = new RouteCheck(classPath);
  private final KameletCheck kamelets = new KameletCheck(classPath);
  private final ConfigCheck config = new ConfigCheck();

  /**
   * Checks every route, Kamelet and configuration file.
   *
   * @param home the folder with {@code routes}, {@code kamelets} and {@code config}
   * @param environment names files to be read instead of these: {@code PIPELINES_FILE}
   * @return the mistakes in order of file and line, empty where there are none
   */
  public List<Mistake> check(Path home, Map<String, String> environment) {
    ProjectFiles files = new ProjectFiles(home, new Mistakes());
    checkRoutes(files);
    config.check(files, environment);
    return files.mistakes().list();
  }

  /** Checks what Camel loads, routes and Kamelets, and nothing else. */
  public List<Mistake> checkRoutes(Path home) {
    ProjectFiles files = new ProjectFiles(home, new Mistakes());
    checkRoutes(files);
    return files.mistakes().list().stream()
        .filter(mistake -> !mistake.file().equals(SETTINGS))
        .toList();
  }

  private void checkRoutes(ProjectFiles files) {
    Set<String> settings = PropertiesFile.check(SETTINGS, files.text(SETTINGS), files.mistakes());
    Collection<SourceFile> routeFiles = files.sources("routes", ".camel.yaml").values();
    Collection<SourceFile> kameletFiles = files.sources("kamelets", ".kamelet.yaml").values();
    Known known = Known.of(settings, routeFiles, kameletFiles);
    routes.check(routeFiles, known);
    kamelets.check(kameletFiles, known);
  }
}
