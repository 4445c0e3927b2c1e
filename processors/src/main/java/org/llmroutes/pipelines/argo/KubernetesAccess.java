package org.llmroutes.pipelines.argo;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds Kubernetes as kubectl does: in the files of {@code KUBECONFIG}, else in {@code
 * ~/.kube/config}, else by the service account of the pod. Where there is none of these, it guesses
 * no address.
 */
final class KubernetesAccess {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesAccess.class);

  private KubernetesAccess() {}

  static Optional<Config> find(Map<String, String> environment) {
    Optional<Config> found = ofFiles(environment).or(() -> ofServiceAccount(environment));
    found.ifPresent(
        config -> {
          // the JDK keeps a dead HTTP/2 connection in use, one of HTTP/1.1 ends with its timeout
          config.setHttp2Disable(true);
          // who calls tries again, and should not wait for long to be told to
          config.setRequestRetryBackoffLimit(2);
        });
    return found;
  }

  /** A client by whose calls Kubernetes goes on with traces. */
  static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("traces", new KubernetesTraces()))
        .build();
  }

  private static Optional<Config> ofFiles(Map<String, String> environment) {
    String files =
        environment.getOrDefault(
            "KUBECONFIG", environment.getOrDefault("HOME", "") + "/.kube/config");
    try {
      Config config = Config.empty();
      KubeConfigUtils.merge(
          config,
          null,
          Stream.of(files.split(File.pathSeparator))
              .map(File::new)
              .filter(File::isFile)
              .map(KubeConfigUtils::parseConfig)
              .toArray(io.fabric8.kubernetes.api.model.Config[]::new));
      return Optional.of(config).filter(merged -> merged.getCurrentContext() != null);
    } catch (RuntimeException e) {
      // whatever the client or its YAML parser throws: chat and voice do without
      LOG.atWarn().addKeyValue("files", files).log("Unreadable kubeconfig: no Argo here", e);
      return Optional.empty();
    }
  }

  private static Optional<Config> ofServiceAccount(Map<String, String> environment) {
    return environment.containsKey(Config.KUBERNETES_SERVICE_HOST_PROPERTY)
            && new File(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH).isFile()
        ? Optional.of(Config.autoConfigure(null))
        : Optional.empty();
  }
}
