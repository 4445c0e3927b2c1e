package org.llmroutes.pipelines.argo;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.telemetry.Tracing;

/**
 * The Argo server, which has what Kubernetes has not: Workflows that were collected and are in the
 * archive, and nodes that are in Argo's database.
 *
 * @see <a href="https://argo-workflows.readthedocs.io/en/latest/workflow-archive/">Workflow
 *     archive</a>
 */
final class ArgoServer {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final KubernetesSerialization READER = new KubernetesSerialization();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final String url;
  private final Map<String, String> environment;

  private ArgoServer(String url, Map<String, String> environment) {
    this.url = url.replaceAll("/+$", "");
    this.environment = environment;
  }

  /**
   * The server at {@code ARGO_SERVER_URL}, empty without; {@code ARGO_TOKEN}, or the file that
   * {@code ARGO_TOKEN_FILE} names, has its bearer token.
   */
  static Optional<ArgoServer> of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("ARGO_SERVER_URL"))
        .filter(url -> !url.isBlank())
        .map(url -> new ArgoServer(url.strip(), environment));
  }

  /**
   * A Workflow of the cluster or of the archive; empty where it is in neither.
   *
   * @throws TurnException {@code unavailable} where the server cannot be asked
   */
  Optional<GenericKubernetesResource> find(String namespace, String name) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/workflows/" + namespace + "/" + name))
            .timeout(TIMEOUT);
    Tracing.current().inject(request::setHeader);
    try {
      token().ifPresent(token -> request.header("authorization", token));
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() == HTTP_NOT_FOUND) {
        return Optional.empty();
      } else if (answer.statusCode() != HTTP_OK) {
        throw unavailable("answered with HTTP " + answer.statusCode(), null);
      }
      return Optional.of(READER.unmarshal(answer.body(), GenericKubernetesResource.class));
    } catch (IOException e) {
      throw unavailable("cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was waited for when the work was interrupted", e);
    } catch (IllegalArgumentException e) {
      throw unavailable("answered with what is no Workflow", e);
    }
  }

  /** Read anew each time: such tokens are replaced. */
  private Optional<String> token() throws IOException {
    String file = environment.getOrDefault("ARGO_TOKEN_FILE", "");
    String token =
        file.isBlank()
            ? environment.getOrDefault("ARGO_TOKEN", "").strip()
            : Files.readString(Path.of(file)).strip();
    if (token.isEmpty()) {
      return Optional.empty();
    }
    // the argo command wants it with its scheme, files of Kubernetes have it without
    return Optional.of(token.startsWith("Bearer ") ? token : "Bearer " + token);
  }

  private static TurnException unavailable(String what, Exception cause) {
    return new TurnException(ErrorCode.UNAVAILABLE, "The Argo server " + what, cause);
  }
}
