package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesAccessTest {
  @TempDir private Path home;

  private String kubeconfig(String file, String context, String current) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(
        path,
        """
        apiVersion: v1
        kind: Config
        current-context: "%2$s"
        contexts:
          - name: %1$s
            context: {cluster: %1$s, user: %1$s}
        clusters:
          - name: %1$s
            cluster: {server: "https://%1$s.example:6443"}
        users:
          - name: %1$s
            user: {token: token-of-%1$s}
        """
            .formatted(context, current));
    return path.toString();
  }

  private static Optional<String> master(Map<String, String> environment) {
    return KubernetesAccess.find(environment).map(Config::getMasterUrl);
  }

  @Test
  void whereKubectlWouldFindNothingThereIsNone() {
    assertThat(KubernetesAccess.find(Map.of())).isEmpty();
    assertThat(KubernetesAccess.find(Map.of("HOME", home.toString()))).isEmpty();
    assertThat(KubernetesAccess.find(Map.of("KUBECONFIG", home + "/none"))).isEmpty();
    assertThat(KubernetesAccess.find(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"))).isEmpty();
    assertThat(ArgoEngine.of(Map.of())).isEmpty();
  }

  @Test
  void theFileInTheHomeFolder() throws IOException {
    kubeconfig(".kube/config", "home", "home");
    Optional<Config> found = KubernetesAccess.find(Map.of("HOME", home.toString()));
    assertThat(found).map(Config::getMasterUrl).contains("https://home.example:6443/");
    assertThat(found).map(Config::getAutoOAuthToken).contains("token-of-home");
  }

  @Test
  void theFilesOfTheVariableComeFirstAndAreMerged() throws IOException {
    kubeconfig(".kube/config", "home", "home");
    String files =
        String.join(
            File.pathSeparator,
            kubeconfig("first", "first", ""),
            home + "/none",
            kubeconfig("second", "second", "second"),
            kubeconfig("third", "third", "third"));
    assertThat(master(Map.of("HOME", home.toString(), "KUBECONFIG", files)))
        .contains("https://second.example:6443/");
  }

  @Test
  void aFileWithoutAContextNamesNoCluster() throws IOException {
    assertThat(master(Map.of("KUBECONFIG", kubeconfig("c", "one", "")))).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadDoesNotKeepTheRestFromWork() throws IOException {
    Path broken = Files.writeString(home.resolve("broken"), "contexts: [");
    assertThat(master(Map.of("KUBECONFIG", broken.toString()))).isEmpty();
  }
}
