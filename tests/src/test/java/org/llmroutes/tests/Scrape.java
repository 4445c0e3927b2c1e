package org.llmroutes.tests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /observe/metrics} says at one time. */
final class Scrape {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern SAMPLE = Pattern.compile("([a-z_:0-9]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_0-9]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final String text;
  private final Map<String, String> types = new TreeMap<>();
  private final List<Sample> samples = new ArrayList<>();

  /** One line. */
  record Sample(String name, Map<String, String> labels, double value) {}

  private Scrape(String text) {
    this.text = text;
    for (String line : text.split("\n")) {
      if (line.startsWith("# TYPE ")) {
        types.put(line.split(" ")[2], line.split(" ")[3]);
      } else if (!line.startsWith("#")) {
        samples.add(sample(line));
      }
    }
  }

  private static Sample sample(String line) {
    Matcher parts = SAMPLE.matcher(line);
    if (!parts.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    if (parts.group(2) != null) {
      Matcher label = LABEL.matcher(parts.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    String value = parts.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
    return new Sample(parts.group(1), labels, Double.parseDouble(value));
  }

  /**
   * @param environment of the routes
   */
  static Scrape of(Map<String, String> environment) throws IOException, InterruptedException {
    URI uri =
        URI.create("http://127.0.0.1:" + environment.get("LLM_ROUTES_PORT") + "/observe/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    return new Scrape(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  String text() {
    return text;
  }

  /** The type of each family. */
  Map<String, String> types() {
    return types;
  }

  /** The names of the labels of a family, {@code le} of buckets left out. */
  TreeSet<String> labels(String family) {
    TreeSet<String> labels = new TreeSet<>();
    samples.stream()
        .filter(sample -> isOf(family, sample.name()))
        .forEach(sample -> labels.addAll(sample.labels().keySet()));
    labels.remove("le");
    return labels;
  }

  private boolean isOf(String family, String name) {
    return name.equals(family)
        || !types.containsKey(name) && name.matches(Pattern.quote(family) + "_(bucket|sum|count)");
  }

  /** All lines of that name. */
  List<Sample> samples(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /**
   * The sum of the lines of that name with these labels.
   *
   * @param labels name, value, name, value …
   */
  double value(String name, String... labels) {
    return samples(name).stream()
        .filter(
            sample -> {
              for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                  return false;
                }
              }
              return true;
            })
        .mapToDouble(Sample::value)
        .sum();
  }

  int size() {
    return samples.size();
  }
}
