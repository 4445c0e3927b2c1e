package org.llmroutes.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A Prometheus that this machine has, which scrapes the routes and evaluates their alerts. */
public final class PrometheusServer extends LocalServer {
  /** How it gets here. */
  public static final String MISSING =
      "not installed: apt-get install prometheus, brew install prometheus, or put the folder of its"
          + " archive on the PATH";

  private static final String PROGRAM = "prometheus";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String target;
  private final Duration interval;

  /**
   * @param data folder for data and log
   * @param wished port to use where it is free, 0 for any
   * @param metrics port of the routes' health and metrics on this machine
   * @param interval between two scrapes
   */
  public PrometheusServer(Path data, int wished, String metrics, Duration interval) {
    super(PROGRAM, data, wished);
    this.target = "127.0.0.1:" + metrics;
    this.interval = interval;
  }

  /** Whether the PATH has it. */
  public static boolean isInstalled() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  @Override
  protected List<String> command() throws IOException {
    Path config = data().resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: %1$ss, scrape_timeout: %1$ss, evaluation_interval: %1$ss}
        rule_files: ["%2$s"]
        scrape_configs:
          - job_name: llm-routes
            metrics_path: /observe/metrics
            static_configs:
              - targets: ["%3$s"]
        """
            .formatted(
                interval.toSeconds(),
                Project.root().resolve("deploy/observability/alerts.yaml"),
                target));
    return List.of(
        PROGRAM,
        "--config.file=" + config,
        "--storage.tsdb.path=" + data().resolve("tsdb"),
        "--storage.tsdb.retention.time=7d",
        "--web.listen-address=127.0.0.1:" + port());
  }

  @Override
  protected boolean answers() {
    URI ready = URI.create(url() + "/-/ready");
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(PATIENCE).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }
}
