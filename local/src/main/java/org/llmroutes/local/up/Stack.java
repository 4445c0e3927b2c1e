package org.llmroutes.local.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
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
  private final Map<String, String> environment = new HashMap<>();
  private final ProductProcess product = new ProductProcess(environment);
  private final Guard guard;
  private final boolean observe;
  private Process callout;
  private Process routes;

  private Stack(boolean withVoice, boolean secure, boolean observe) throws IOException {
    guard = secure ? new Guard() : null;
    services = new LocalServices(state, System.getenv(), withVoice);
    this.observe = observe;
  }

  public static void main(String[] args) throws IOException {
    List<String> options = List.of(args);
    Stack stack =
        new Stack(
            !options.contains(Up.NO_VOICE),
            options.contains(Up.SECURE),
            options.contains(Up.OBSERVE));
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
    environment.putAll(services.environment());
    Map<String, String> shared = Map.of();
    Map<String, String> operator = Map.of();
    if (guard != null) {
      shared = guard.settings();
      environment.putAll(shared);
      services.guard(guard.publicKeys(product));
      operator = guard.operator();
      environment.putAll(operator);
      state.tell("  %-12s %s".formatted("issuer", guard.url()));
    }
    if (observe) {
      environment.put("TELEMETRY_LOCAL", "true");
    }
    product.run(state.log(), "run", "--check");
    services.start();
    environment.putAll(services.environment());
    if (guard != null) {
      callout = startCallout();
    }
    product.run(state.log(), "setup");
    routes = product.start(state.routesLog(), "run");
    state.started("routes", routes.toHandle());
    product.run(state.log(), "ingest", "--prune", "docs");
    state.tell("  %-12s %s".formatted("documents", "docs/, in the collection documents"));
    String health =
        "http://127.0.0.1:" + environment.get("LLM_ROUTES_PORT") + "/observe/health/ready";
    awaitReady(health);
    services.awaitVoices();
    if (observe) {
      services.observe();
    }
    state.tell("  %-12s %s".formatted("routes", health));
    state.tell(
        "  %-12s %s"
            .formatted(
                "web pages",
                "http://127.0.0.1:" + environment.get("GATEWAY_PORT") + "/, and the API"));
    Map<String, String> told = new HashMap<>(services.environment());
    told.putAll(shared);
    state.ready(told, operator);
  }

  /** With keys of its own: whoever lets users in is nobody else. */
  private Process startCallout() throws IOException {
    Map<String, String> own = new HashMap<>(environment);
    own.keySet().removeAll(guard.operator().keySet());
    own.putAll(guard.callout());
    Process process = new ProductProcess(own).start(state.calloutLog(), "callout");
    state.started("callout", process.toHandle());
    return process;
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
      if (callout != null) {
        callout.destroy();
      }
      services.close();
      if (guard != null) {
        guard.close();
      }
    } catch (Exception e) {
      state.tell("down: " + e.getMessage());
    }
  }
}
