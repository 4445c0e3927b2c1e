package org.llmroutes.ingest;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The encoding that an HTML page or an XML file declares in its first kilobytes. */
final class HtmlEncoding {
  private static final int LOOKED_AT = 4096;
  private static final Pattern DECLARED =
      Pattern.compile(
          "<meta\\b[^>]*?\\bcharset\\s*=\\s*[\"']?\\s*([\\w.:-]+)"
              + "|\\A\\s*<\\?xml\\b[^>]*?\\bencoding\\s*=\\s*[\"']([\\w.:-]+)",
          Pattern.CASE_INSENSITIVE);

  private HtmlEncoding() {}

  static Optional<Charset> declared(byte[] content) {
    int length = Math.min(content.length, LOOKED_AT);
    Matcher found = DECLARED.matcher(new String(content, 0, length, StandardCharsets.ISO_8859_1));
    return found.find()
        ? charset(found.group(1) == null ? found.group(2) : found.group(1))
        : Optional.empty();
  }

  /** By the labels of the Encoding Standard, where they differ from the names of Java. */
  private static Optional<Charset> charset(String label) {
    try {
      return switch (label.toLowerCase(Locale.ROOT)) {
        case "iso-8859-1", "iso8859-1", "latin1", "ascii", "us-ascii" ->
            Optional.of(Charset.forName("windows-1252"));
        case "gb2312" -> Optional.of(Charset.forName("GBK"));
        case "shift_jis", "shift-jis" -> Optional.of(Charset.forName("windows-31j"));
        default -> Optional.of(Charset.forName(label)).filter(c -> !c.name().startsWith("UTF-"));
      };
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
