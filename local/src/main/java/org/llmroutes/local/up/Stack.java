package org.llmroutes.local.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.ProductProcess;

/**
 * The background process of {@code ./dev up}: servers, AI services and routes, until it is asked to
 * end. It stops in the opposite order, the routes first, so that they finish what they work on.
 */
final class Stack {
  private static final Duration STARTS_WITHIN = Duration.ofSeconds(90);

  private final UpState state = new UpState();
  private final LocalServices services;
  private final ProductProcess product;
  private Process routes;

  private Stack(boolean withVoice) {
    services = new LocalServices(state, System.getenv(), withVoice);
    product = new ProductProcess(services.environment());
  }

  public static void main(String[] args) {
    Stack stack = new Stack(!List.of(args).contains(Up.NO_VOICE));
    Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
    stack.state.started("AI services", ProcessHandle.current());
    try {
      stack.start();
      new CountDownLatch(1).await();
    } catch (Exception e) {
      stack.state.tell("up: " + e.getMessage());
      System.exit(1);
    }
  }

  private void start() throws IOException, InterruptedException {
    product.run(state.log(), "run", "--check");
    services.start();
    Map<String, String> environment = services.environment();
    product.run(state.log(), "setup");
    routes = product.start(state.routesLog(), "run");
    state.started("routes", routes.toHandle());
    product.run(state.log(), "ingest", "--prune", "docs");
    state.tell("  %-12s %s".formatted("documents", "docs/, in the collection documents"));
    String health =
        "http://127.0.0.1:" + environment.get("LLM_ROUTES_PORT") + "/observe/health/ready";
    awaitReady(health);
    services.awaitVoices();
    state.tell("  %-12s %s".formatted("routes", health));
    state.tell(
        "  %-12s %s"
            .formatted("gateway", "http://127.0.0.1:" + environment.get("GATEWAY_PORT") + "/v1"));
    state.ready(environment);
  }

  private void awaitReady(String health) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(health)).timeout(Duration.ofSeconds(5)).build();
    long until = System.nanoTime() + STARTS_WITHIN.toNanos();
    while (System.nanoTime() < until) {
      try {
        if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      if (routes.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the routes ended with exit code " + routes.exitValue());
      }
    }
    throw new IllegalStateException(
        "the routes are not ready after " + STARTS_WITHIN.toSeconds() + " s; see " + health);
  }

  private void stop() {
    try {
      product.close();
      if (routes != null) {
        routes.destroy();
        if (!routes.waitFor(40, TimeUnit.SECONDS)) {
          routes.destroyForcibly().waitFor();
        }
      }
      services.close();
    } catch (Exception e) {
      state.tell("down: " + e.getMessage());
    }
  }
}
