package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmroutes.local.Project;

/**
 * The image as a container runs it: its layers on top of each other, as its user, on a root that
 * cannot be written. As root that is what the kernel gives the process; anybody else runs the files
 * where they lie.
 *
 * @param root the layers, unpacked
 * @param configuration the part that says how to run it
 */
record Image(Path root, JsonNode configuration) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /** Own mounts, gone with the process: the root read-only, the folder as its /tmp. */
  private static final String ENTER =
      """
      root=$1 tmp=$2 user=$3; shift 3
      mount --bind "$root" "$root"
      mount -o remount,bind,ro "$root"
      mount --rbind /dev "$root/dev"
      mount -t proc proc "$root/proc"
      mount --bind "$tmp" "$root/tmp"
      exec chroot --userspec="$user" "$root" /bin/sh -c 'cd /tmp && exec "$@"' sh "$@"
      """;

  /**
   * @param layout an OCI image layout, as a tar file
   */
  static Image unpack(Path layout, Path folder) throws Exception {
    Path blobs = Files.createDirectories(folder.resolve("layout"));
    Path root = Files.createDirectories(folder.resolve("root"));
    run("tar", "-xf", layout.toString(), "-C", blobs.toString());
    JsonNode index = JSON.readTree(blobs.resolve("index.json").toFile());
    JsonNode manifest = JSON.readTree(blob(blobs, index.at("/manifests/0")));
    for (JsonNode layer : manifest.path("layers")) {
      run(
          "tar",
          "--warning=no-unknown-keyword",
          "-xpzf",
          blob(blobs, layer).toString(),
          "-C",
          root.toString());
    }
    return new Image(root, JSON.readTree(blob(blobs, manifest.path("config"))).path("config"));
  }

  private static File blob(Path blobs, JsonNode descriptor) {
    String digest = descriptor.path("digest").asText().replace(':', '/');
    return blobs.resolve("blobs").resolve(digest).toFile();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  /**
   * @param tmp the container's /tmp, where the command runs
   * @return the command on the image's entry point; its output is in the file {@code output} there
   */
  Process start(Path tmp, Map<String, String> environment, String... arguments) throws IOException {
    String user = configuration.path("User").asText();
    String entryPoint = configuration.at("/Entrypoint/0").asText();
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("unshare", "--mount", "sh", "-ec", ENTER, "sh", root.toString()));
      command.addAll(List.of(tmp.toString(), user, entryPoint));
    } else {
      command.add(root + entryPoint);
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(tmp.toFile())
            .redirectErrorStream(true)
            .redirectOutput(tmp.resolve("output").toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    for (JsonNode variable : configuration.path("Env")) {
      String[] parts = variable.asText().split("=", 2);
      boolean path = parts[1].startsWith("/opt/");
      builder.environment().put(parts[0], ROOT || !path ? parts[1] : root + parts[1]);
    }
    // beside the image's own, so that unshare and chroot are found
    builder.environment().merge("PATH", System.getenv("PATH"), (own, host) -> own + ":" + host);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** A folder that the image's user can write. */
  static Path writable(Path folder) throws Exception {
    Files.createDirectories(folder);
    if (ROOT) {
      run("chown", "65532:65532", folder.toString());
    }
    return folder;
  }

  /** What {@code ./dev image} needs beyond the build, or what of it is missing here. */
  static String missing() {
    File[] systems = new File("/usr/lib/jvm").listFiles();
    List<File> homes = new ArrayList<>(systems == null ? List.of() : List.of(systems));
    homes.add(new File(System.getProperty("java.home")));
    if (homes.stream()
        .noneMatch(home -> isVersion25(home.toPath()) && new File(home, "bin/jlink").exists())) {
      return "a JDK 25 with jlink";
    }
    if (!new File("/usr/bin/apt-get").exists()) {
      return "Debian's apt-get";
    }
    if (!Files.exists(Project.root().resolve("processors/target/llm-routes.jar"))) {
      return "what mvn package builds";
    }
    return "";
  }

  private static boolean isVersion25(Path home) {
    try {
      return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"25");
    } catch (IOException e) {
      return false;
    }
  }
}
