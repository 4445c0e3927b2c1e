package org.llmroutes.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.config.Settings;

/**
 * The secrets of an installation, which some services repeat in their errors: what variables and
 * settings with such names hold, what the files hold that such variables name, and passwords in
 * addresses.
 */
final class Secrets {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:key|token|password|secret|creds)(?:[_.-]file)?$", Pattern.CASE_INSENSITIVE);

  private static final Pattern USER_INFO = Pattern.compile("://[^/?#\\s]*@");

  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");

  /** Shorter ones are placeholders that some servers want, and parts of ordinary words. */
  private static final int SHORTEST = 4;

  /** A file with a secret is small. */
  private static final long LARGEST_FILE = 64 * 1024;

  private final Set<String> values =
      new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(s -> s));

  Secrets(Settings settings) {
    settings.environment().forEach(this::add);
    settings.all().forEach((name, value) -> add((String) name, (String) value));
  }

  private void add(String name, String value) {
    Matcher secret = NAME.matcher(name);
    if (secret.find()) {
      boolean file = secret.group().toLowerCase(java.util.Locale.ROOT).endsWith("file");
      add(file ? content(value) : value);
    }
    Matcher user = USER_INFO.matcher(value);
    while (user.find()) {
      String info = user.group().substring(3, user.group().length() - 1);
      add(info.substring(info.indexOf(':') + 1));
    }
  }

  private void add(String value) {
    String secret = value.strip();
    if (secret.length() >= SHORTEST) {
      values.add(secret);
    }
  }

  private static String content(String file) {
    try {
      Path path = Path.of(file);
      return Files.isRegularFile(path) && Files.size(path) <= LARGEST_FILE
          ? Files.readString(path)
          : "";
    } catch (IOException | RuntimeException e) {
      // whoever needs it tells why it cannot be read
      return "";
    }
  }

  /** The text without them. */
  String mask(String text) {
    String masked = USER_INFO.matcher(text).replaceAll("://***@");
    masked = BEARER.matcher(masked).replaceAll("$1 ***");
    for (String value : values) {
      masked = masked.replace(value, "***");
    }
    return masked;
  }

  @Override
  public String toString() {
    return "Secrets";
  }
}
