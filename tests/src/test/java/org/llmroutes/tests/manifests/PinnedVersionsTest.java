package org.llmroutes.tests.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.contract.Sha256;
import org.llmroutes.local.Project;
import org.llmroutes.validate.ProjectValidator;

/** The command of docs/deployment.md puts a digest wherever one is missing. */
class PinnedVersionsTest {
  private static final String BLOCK = "```bash\npin()";
  private static final List<String> PLACES =
      List.of(
          "deploy/clusters/homelab/argo.yaml",
          "deploy/clusters/homelab/llm-routes/kustomization.yaml",
          "deploy/platform/valkey/stateful-set.yaml",
          "deploy/platform/kserve/embeddings.yaml");

  @TempDir private Path project;

  @Test
  void leavesNoPlaceholder() throws Exception {
    copyDeploy();
    Path registry = project.resolve("bin/crane");
    Files.createDirectories(registry.getParent());
    Files.writeString(
        registry,
        "#!/bin/sh\nprintf 'sha256:%s\\n' \"$(printf %s \"$2\" | sha256sum | cut -c1-64)\"\n");
    assertThat(registry.toFile().setExecutable(true)).isTrue();

    ProcessBuilder shell = new ProcessBuilder("bash", "-ec", command()).directory(project.toFile());
    shell.environment().merge("PATH", registry.getParent() + ":", (path, bin) -> bin + path);
    Process process = shell.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(ProjectValidator.unpinned(project)).isEmpty();
    assertThat(PLACES)
        .map(place -> Files.readString(project.resolve(place)))
        .satisfiesExactly(
            argo ->
                assertThat(argo)
                    .contains(
                        "digest: \"" + digest("registry.local/llm-routes:0.2.0") + "\"}",
                        "digest: \"" + digest("registry.local/llm-routes-qlora:0.2.0") + "\"}"),
            roles -> assertThat(roles).contains(digest("registry.local/llm-routes:0.2.0")),
            valkey -> assertThat(valkey).contains("@" + digest("docker.io/valkey/valkey:TAG")),
            bge -> assertThat(bge).contains("@" + digest("docker.io/rocm/vllm:TAG")));
  }

  private static String digest(String image) {
    return "sha256:" + Sha256.of(image);
  }

  private static String command() throws IOException {
    String docs = Files.readString(Project.root().resolve("docs/deployment.md"));
    int begin = docs.indexOf(BLOCK);
    assertThat(begin).isPositive();
    return docs.substring(docs.indexOf('\n', begin), docs.indexOf("```", begin + BLOCK.length()));
  }

  private void copyDeploy() throws IOException {
    try (Stream<Path> files = Files.walk(Project.root().resolve("deploy"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        Path copy = project.resolve(Project.root().relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
