package org.llmroutes.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads where Milvus is, however it is written: a host, a host and its port, or a URL. Secrets come
 * from the environment alone.
 */
final class MilvusEntry {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z]+)://)?(?<user>[^/]*@)?"
              + "(?<host>\\[[0-9A-Fa-f:.%]+]|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*|[A-Za-z0-9.-]+)"
              + "(?::(?<port>\\d{1,5}))?(?<path>/.*)?");

  /** Whether each is encrypted; a host alone does not say it. */
  private static final Map<String, Optional<Boolean>> SCHEMES =
      Map.of(
          "", Optional.empty(),
          "https", Optional.of(true),
          "http", Optional.of(false),
          "tcp", Optional.of(false));

  private static final int HTTPS = 443;

  private final Map<String, String> environment;

  MilvusEntry(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @param written host, host and port, or URL
   * @param port where {@code written} does not say it
   * @param tls where {@code written} does not say it
   * @throws IllegalArgumentException whose message holds none of the secrets
   */
  MilvusSettings read(String written, int port, boolean tls, String database) {
    Matcher address = ADDRESS.matcher(written);
    String scheme = address.matches() ? scheme(address) : "unknown";
    if (!SCHEMES.containsKey(scheme)) {
      throw wrong(
          "must be a host, of letters, digits, dots and hyphens, or an address such as"
              + " https://milvus.example.org:19530");
    } else if (address.group("user") != null) {
      throw wrong("holds a user; set MILVUS_USER and MILVUS_PASSWORD, or MILVUS_TOKEN");
    } else if (address.group("path") != null && !address.group("path").replace("/", "").isEmpty()) {
      throw wrong("has a path; a database is set as MILVUS_DATABASE");
    }
    Boolean encrypted = SCHEMES.get(scheme).orElse(tls);
    if (tls && !encrypted) {
      throw wrong("begins with %s:, and MILVUS_TLS is true".formatted(scheme));
    }
    MilvusSettings settings =
        new MilvusSettings(
            address.group("host").replaceAll("[\\[\\]]", ""),
            port(address, port),
            encrypted,
            database,
            token(),
            variable("MILVUS_TLS_CA_FILE"),
            variable("MILVUS_TLS_SERVER_NAME"));
    checkFiles(settings);
    return settings;
  }

  private static String scheme(Matcher address) {
    String scheme = address.group("scheme");
    return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
  }

  private int port(Matcher address, int configured) {
    String given = variable("MILVUS_PORT");
    if (address.group("port") == null) {
      return "https".equals(scheme(address)) && given.isEmpty() ? HTTPS : configured;
    }
    int port = Integer.parseInt(address.group("port"));
    if (!given.isEmpty() && configured != port) {
      throw wrong("says port %d, and MILVUS_PORT %d".formatted(port, configured));
    }
    return port;
  }

  private String token() {
    String token = variable("MILVUS_TOKEN");
    String user = variable("MILVUS_USER");
    if (!token.isEmpty() || user.isEmpty()) {
      return token;
    }
    return user + ":" + environment.getOrDefault("MILVUS_PASSWORD", "");
  }

  private static void checkFiles(MilvusSettings settings) {
    if (settings.authorityFile().isEmpty()) {
      if (!settings.serverName().isEmpty()) {
        throw new IllegalArgumentException(
            "MILVUS_TLS_SERVER_NAME needs MILVUS_TLS_CA_FILE beside it");
      }
    } else if (!settings.tls()) {
      throw new IllegalArgumentException("MILVUS_TLS_CA_FILE is set, and MILVUS_TLS is not true");
    } else if (!Files.isReadable(Path.of(settings.authorityFile()))) {
      throw new IllegalArgumentException(
          "MILVUS_TLS_CA_FILE names no file that can be read: " + settings.authorityFile());
    }
  }

  private static WrongValue wrong(String problem) {
    return new WrongValue("milvus.host (or MILVUS_HOST)", "MILVUS_HOST", problem);
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
