package org.llmroutes.ingest;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HexFormat;

/**
 * The names of files as text, the same under every locale: Java would read them by the one of the
 * process, and lose what that has not. macOS writes an accent as a character of its own, others do
 * not; both are one name. Bytes that are no UTF-8 are written as {@code %FC}.
 */
final class FileNames {
  private FileNames() {}

  /**
   * The name of a file below a folder, with slashes; empty for the folder itself.
   *
   * @param folder absolute
   */
  static String relative(Path folder, Path file) {
    String above = raw(folder);
    String whole = raw(file);
    return whole.length() <= above.length() ? "" : decoded(whole.substring(above.length() + 1));
  }

  /**
   * The file that {@link #relative} gave the name of, unless its name has bytes that are no UTF-8
   * or its accents apart.
   */
  static Path resolve(Path folder, String name) {
    try {
      String encoded = new URI(null, null, "/" + name, null).toASCIIString();
      return Path.of(URI.create("file://" + raw(folder) + encoded));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Its bytes, those beyond ASCII as percent and two digits. */
  private static String raw(Path path) {
    String raw = path.toUri().getRawPath();
    return raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
  }

  private static String decoded(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < raw.length(); i++) {
      boolean escaped = raw.charAt(i) == '%';
      bytes.write(escaped ? HexFormat.fromHexDigits(raw, i + 1, i + 3) : raw.charAt(i));
      i += escaped ? 2 : 0;
    }
    try {
      ByteBuffer name = ByteBuffer.wrap(bytes.toByteArray());
      return Normalizer.normalize(
          StandardCharsets.UTF_8.newDecoder().decode(name).toString(), Normalizer.Form.NFC);
    } catch (CharacterCodingException e) {
      return escaped(bytes.toByteArray());
    }
  }

  private static String escaped(byte[] name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name) {
      text.append(b < 0 ? "%" + HexFormat.of().withUpperCase().toHexDigits(b) : (char) b);
    }
    return text.toString();
  }
}
