package org.llmroutes.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmroutes.config.YamlFile;

/**
 * The file with the hashes of API keys:
 *
 * <pre>{@code
 * keys:
 *   - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 *     user: ada
 *     groups: [staff]
 *     expires: 2027-01-01T00:00:00Z
 *     forwards-users: true
 * }</pre>
 */
public record KeyFile(Path path) {
  private static final String HEAD =
      "# API keys, by their SHA-256; ./dev keys writes this file anew, comments are not kept.\n";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

  /**
   * @throws IllegalArgumentException where it cannot be read, or an entry is wrong
   */
  public List<ApiKey> read() {
    JsonNode content = YamlFile.read(path, path.toString());
    JsonNode entries = content.path("keys");
    if (!content.isMissingNode() && !entries.isArray()) {
      throw new IllegalArgumentException(path + ": must have a list of keys");
    }
    List<ApiKey> keys = new ArrayList<>();
    for (JsonNode entry : entries) {
      keys.add(ApiKey.of(entry, path + ": key " + (keys.size() + 1) + ": "));
    }
    return keys;
  }

  /** Puts these keys in place of what is there, all at once; only its owner can read it. */
  public void write(List<ApiKey> keys) throws IOException {
    Path target = path.toAbsolutePath();
    Files.createDirectories(target.getParent());
    // a temporary file is its owner's alone wherever a file system knows of that
    Path fresh = Files.createTempFile(target.getParent(), path.getFileName().toString(), ".new");
    try {
      byte[] yaml =
          YAML.writeValueAsBytes(Map.of("keys", keys.stream().map(ApiKey::entry).toList()));
      Files.writeString(fresh, HEAD + new String(yaml, StandardCharsets.UTF_8));
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
