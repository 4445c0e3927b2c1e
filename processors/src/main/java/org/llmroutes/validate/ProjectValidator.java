package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.llmroutes.validate.PropertiesFile.Entry;

/**
 * Checks the files that engineers edit, without starting anything. One instance can check again and
 * again.
 */
public final class ProjectValidator {
  private final ClassPath classPath = new ClassPath();
  private final RouteCheck routes = new RouteCheck(classPath);
  private final KameletCheck kamelets = new KameletCheck(classPath);
  private final ConfigCheck config = new ConfigCheck();

  /**
   * Checks every route, Kamelet and configuration file, and what the environment changes of them.
   *
   * @param home the folder with {@code routes}, {@code kamelets} and {@code config}
   * @param environment overrides settings and addresses, and names files to be read instead of
   *     these
   * @return the mistakes in order of file and line, empty where there are none
   */
  public List<Mistake> check(Path home, Map<String, String> environment) {
    ProjectFiles files = new ProjectFiles(home, new Mistakes());
    Map<String, Entry> settings = settings(files);
    Set<String> used = checkRoutes(files, settings);
    checkStart(files, settings, environment).checkKeys(used);
    config.check(files, environment);
    return files.mistakes().list();
  }

  /** Checks what Camel loads, routes and Kamelets, and nothing else. */
  public List<Mistake> checkRoutes(Path home) {
    ProjectFiles files = new ProjectFiles(home, new Mistakes());
    checkRoutes(files, settings(files));
    return files.mistakes().list().stream()
        .filter(mistake -> !mistake.file().equals(SettingsCheck.FILE))
        .toList();
  }

  /** Checks what the routes cannot start with: settings, addresses and variables. */
  public static List<Mistake> checkStart(Path home, Map<String, String> environment) {
    ProjectFiles files = new ProjectFiles(home, new Mistakes());
    checkStart(files, settings(files), environment);
    return files.mistakes().list();
  }

  /**
   * Names the placeholders in {@code deploy}: nothing is wrong with them, but they cannot be
   * applied.
   */
  public static List<Mistake> unpinned(Path home) {
    return UnpinnedVersions.in(new ProjectFiles(home, new Mistakes()));
  }

  private static SettingsCheck checkStart(
      ProjectFiles files, Map<String, Entry> settings, Map<String, String> environment) {
    SettingsCheck check = new SettingsCheck(settings, environment, files.mistakes());
    check.checkValues();
    check.checkIdentity(files.home());
    ServicesCheck.check(files, environment);
    EnvironmentCheck.check(environment, files.mistakes());
    return check;
  }

  private static Map<String, Entry> settings(ProjectFiles files) {
    return PropertiesFile.read(
        SettingsCheck.FILE, files.text(SettingsCheck.FILE), files.mistakes());
  }

  /**
   * @return the settings that routes and Kamelets use
   */
  private Set<String> checkRoutes(ProjectFiles files, Map<String, Entry> settings) {
    Collection<SourceFile> routeFiles = files.sources("routes", ".camel.yaml").values();
    Collection<SourceFile> kameletFiles = files.sources("kamelets", ".kamelet.yaml").values();
    Known known =
        Known.of(
            files.home(),
            settings,
            routeFiles,
            kameletFiles,
            files.sources("config/nats", ".yaml").values());
    routes.check(routeFiles, known);
    kamelets.check(kameletFiles, known);
    new VariableCheck(routeFiles, kameletFiles).check();
    Set<String> used = new HashSet<>();
    Stream.of(routeFiles, kameletFiles)
        .flatMap(Collection::stream)
        .forEach(
            file ->
                Tree.walk(
                    JsonPointer.empty(),
                    file.root(),
                    (at, node) -> used.addAll(Placeholders.all(node.asText()))));
    return used;
  }
}
