package org.llmroutes.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings of {@code config/application.properties}; an environment variable of the same words
 * ({@code chat.rewrite.enabled} by {@code CHAT_REWRITE_ENABLED}) overrides its entry. A key that is
 * not in the file is a mistake in the program, a value of the wrong type one in the file: both are
 * an {@link IllegalArgumentException} that names the key.
 */
public final class Settings {
  private final Path home;
  private final Properties file = new Properties();
  private final Map<String, String> environment;
  private final Map<String, JsonNode> read = new ConcurrentHashMap<>();

  private Settings(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** Reads {@code config/application.properties} below {@code home}. */
  public static Settings load(Path home, Map<String, String> environment) {
    Settings settings = new Settings(home.toAbsolutePath().normalize(), environment);
    Path path = settings.path("config/application.properties");
    try (Reader reader = Files.newBufferedReader(path)) {
      settings.file.load(reader);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot read " + path + ": run from the project root or set LLM_ROUTES_HOME", e);
    }
    return settings;
  }

  /** A file or folder of the project: routes, kamelets, config and what lies below. */
  public Path path(String relative) {
    return home.resolve(relative);
  }

  /**
   * What a YAML file of the project said when it was first asked for.
   *
   * @throws IllegalArgumentException as {@link YamlFile#read}
   */
  JsonNode yaml(String file) {
    return read.computeIfAbsent(file, name -> YamlFile.read(path(name), name));
  }

  public Map<String, String> environment() {
    return environment;
  }

  /** Every setting with its value in force, for Camel's property placeholders. */
  public Properties all() {
    Properties all = new Properties();
    file.stringPropertyNames().forEach(key -> all.setProperty(key, get(key)));
    return all;
  }

  public String get(String key) {
    String override = environment.get(environmentName(key));
    String value = override != null ? override : file.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("No setting " + key + " in config/application.properties");
    }
    return value.strip();
  }

  public List<String> getList(String key) {
    return Arrays.stream(get(key).split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  public int getInt(String key) {
    try {
      return Integer.parseInt(get(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a whole number, is " + get(key), e);
    }
  }

  public long getLong(String key) {
    try {
      return Long.parseLong(get(key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a whole number, is " + get(key), e);
    }
  }

  public boolean getBoolean(String key) {
    return switch (get(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(key + " must be true or false, is " + get(key));
    };
  }

  /** A duration with its unit ({@code 30s}, {@code 5m}, {@code 24h}, {@code 250ms}). */
  public Duration getDuration(String key) {
    try {
      return Durations.parse(get(key));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + " " + e.getMessage(), e);
    }
  }

  /** The variable that overrides a setting. */
  public static String environmentName(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
