package org.llmroutes.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.Ports;
import org.llmroutes.local.ProductProcess;

/** The product from when it is ready until this is closed. */
public final class ServingProduct implements AutoCloseable {
  private static final long READY_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;

  /**
   * @param environment where the services are, and which routes
   * @throws IllegalStateException where it ends or is not ready within a minute, with the end of
   *     its log
   */
  public ServingProduct(Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    String port = Integer.toString(Ports.free(0));
    Map<String, String> all = new HashMap<>(environment);
    all.put("LLM_ROUTES_PORT", port);
    process = new ProductProcess(all).start(log, "run");
    long began = System.nanoTime();
    while (!isReady(port)) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)
          || System.nanoTime() - began > READY_WITHIN_NANOS) {
        close();
        throw new IllegalStateException("llm-routes is not ready:\n" + end(log));
      }
    }
  }

  /**
   * Whether the product says so at its health port. While nobody listens there, asking takes
   * little: whoever measures a start shares the processors with it.
   */
  public static boolean isReady(String port) throws InterruptedException {
    if (!Ports.answers(Integer.parseInt(port))) {
      return false;
    }
    URI health = URI.create("http://127.0.0.1:" + port + "/observe/health/ready");
    try {
      HttpRequest request = HttpRequest.newBuilder(health).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
