package org.llmroutes.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file of the web pages.
 *
 * @param compressed the same with gzip, or null
 * @param type its media type
 * @param tag of its content
 * @param lasting whether its name changes with its content
 */
record PageFile(Path path, Path compressed, String type, String tag, boolean lasting) {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8",
          "wasm", "application/wasm");

  /** The files of a folder by the paths of their addresses; empty where there is no folder. */
  static Map<String, PageFile> in(Path folder) throws IOException {
    Map<String, PageFile> files = new HashMap<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    // the folder itself may be a link, which a walk would not follow
    Path at = folder.toRealPath();
    try (Stream<Path> found = Files.walk(at)) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        String name = at.relativize(path).toString().replace('\\', '/');
        if (!name.endsWith(".gz")) {
          files.put("/" + name, of(path, name));
        }
      }
    }
    if (files.containsKey("/index.html")) {
      files.put("/", files.get("/index.html"));
    }
    return files;
  }

  private static PageFile of(Path path, String name) throws IOException {
    Path compressed = path.resolveSibling(path.getFileName() + ".gz");
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return new PageFile(
        path,
        Files.exists(compressed) ? compressed : null,
        TYPES.getOrDefault(ending, "application/octet-stream"),
        tag(Files.readAllBytes(path)),
        name.startsWith("assets/"));
  }

  private static String tag(byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    return '"' + Long.toHexString(sum.getValue()) + '-' + Integer.toHexString(content.length) + '"';
  }
}
