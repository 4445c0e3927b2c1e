package org.llmroutes.validate;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.Map;

/** Checks that each {@code $ref} of a file leads to something, there or in another file. */
final class FileReferences {
  private FileReferences() {}

  /**
   * @param files by name, those that can be referred to
   */
  static void check(SourceFile source, Map<String, SourceFile> files) {
    Tree.walk(
        JsonPointer.empty(),
        source.root(),
        (at, node) -> {
          if ("$ref".equals(Tree.name(at)) && node.isTextual() && !node.asText().contains("://")) {
            String[] reference = node.asText().split("#", 2);
            SourceFile target =
                reference[0].isEmpty()
                    ? source
                    : files.get(
                        Path.of(source.name()).resolveSibling(reference[0]).normalize().toString());
            String pointer = reference.length == 1 ? "" : reference[1];
            if (target == null || target.at(JsonPointer.compile(pointer)).isMissingNode()) {
              source.mistake(at, "$ref leads nowhere: " + node.asText());
            }
          }
        });
  }
}
