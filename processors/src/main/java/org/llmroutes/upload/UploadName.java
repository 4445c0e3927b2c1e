package org.llmroutes.upload;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of an uploaded document: that of its file below a folder of its user, so that nobody
 * replaces what somebody else has put into a collection. It is a name, and nothing takes it for a
 * path.
 */
public final class UploadName {
  private static final String FOLDER = "uploads";

  private UploadName() {}

  /**
   * @param userId a subject token
   * @param file as its sender calls it; folders are parted by slashes of either kind
   * @throws IllegalArgumentException where it is no name of a file, with what it should be
   */
  public static String of(String userId, String file) {
    String name = Normalizer.normalize(file.replace('\\', '/'), Normalizer.Form.NFC);
    List<String> parts =
        Arrays.stream(name.split("/"))
            .map(String::strip)
            .filter(part -> !part.isEmpty() && !".".equals(part))
            .toList();
    if (parts.isEmpty() || parts.contains("..")) {
      throw new IllegalArgumentException("must have the name of a file, without ..");
    } else if (name.codePoints().anyMatch(UploadName::deceives)) {
      throw new IllegalArgumentException("must have a name that can be printed");
    }
    return Stream.concat(Stream.of(FOLDER, userId), parts.stream())
        .collect(Collectors.joining("/"));
  }

  /** Control characters, and those that have others shown in another order than they are in. */
  private static boolean deceives(int character) {
    return Character.isISOControl(character)
        || switch (Character.getType(character)) {
          case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED ->
              true;
          default ->
              character >= 0x202A && character <= 0x202E
                  || character >= 0x2066 && character <= 0x2069;
        };
  }
}
