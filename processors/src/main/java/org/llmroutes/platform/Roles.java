package org.llmroutes.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.config.Settings;

/** What an instance does, by {@code routes.enabled}: it serves the route files of its roles. */
public final class Roles {
  private static final List<String> ALL = List.of("chat", "voice", "pipeline", "gateway");

  /** Route files of a role that are not named like it. */
  private static final Map<String, String> ROLE_OF = Map.of("openai", "gateway");

  private static final String END = ".camel.yaml";

  private final Set<String> enabled;

  private Roles(Set<String> enabled) {
    this.enabled = enabled;
  }

  /**
   * @throws IllegalArgumentException for none, or one that does not exist
   */
  public static Roles of(Settings settings) {
    Set<String> enabled =
        Arrays.stream(settings.get("routes.enabled").split(","))
            .map(String::strip)
            .filter(role -> !role.isEmpty())
            .collect(Collectors.toSet());
    if (enabled.isEmpty() || !ALL.containsAll(enabled)) {
      throw new IllegalArgumentException(
          "routes.enabled must be some of " + ALL + ", is " + settings.get("routes.enabled"));
    }
    return new Roles(enabled);
  }

  /** Whether this instance has the role. */
  public boolean has(String role) {
    return enabled.contains(role);
  }

  /** The route files to serve: those named for a role that is enabled, or for none. */
  List<Path> files(Path routes) throws IOException {
    try (Stream<Path> files = Files.list(routes)) {
      return files.filter(this::serves).sorted().toList();
    }
  }

  private boolean serves(Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(END)) {
      return false;
    }
    String own = name.substring(0, name.length() - END.length());
    String role = ROLE_OF.getOrDefault(own, own);
    return !ALL.contains(role) || enabled.contains(role);
  }
}
