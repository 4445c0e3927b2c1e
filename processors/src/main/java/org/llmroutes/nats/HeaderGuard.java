package org.llmroutes.nats;

import io.nats.client.support.IncomingHeadersProcessor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads along what the server sends and takes the headers off a message where the client library
 * cannot read them: it would stop reading for good, and any client may publish such headers, for
 * instance a value outside ASCII. They are taken off a stream's message with a status line, too,
 * which the library would hand out without its body.
 *
 * @see <a href="https://docs.nats.io/reference/reference-protocols/nats-protocol">NATS client
 *     protocol, MSG and HMSG</a>
 */
final class HeaderGuard {
  private static final Logger LOG = LoggerFactory.getLogger(HeaderGuard.class);

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** The control line, in words, of the message whose header block is being collected. */
  private String[] message;

  private byte[] block;
  private int filled;
  private int payload;

  /** Takes the next bytes from the server and writes what the library may see of them. */
  void pass(byte[] bytes, int length, ByteArrayOutputStream out) {
    int at = 0;
    while (at < length) {
      if (payload > 0) {
        int count = Math.min(payload, length - at);
        out.write(bytes, at, count);
        payload -= count;
        at += count;
      } else if (message != null) {
        int count = Math.min(block.length - filled, length - at);
        System.arraycopy(bytes, at, block, filled, count);
        filled += count;
        at += count;
        judge(out);
      } else {
        int end = at;
        while (end < length && bytes[end] != '\n') {
          end++;
        }
        boolean ended = end < length;
        int count = end - at + (ended ? 1 : 0);
        if (ended && line.size() == 0) {
          lineEnded(bytes, at, count, out);
        } else {
          line.write(bytes, at, count);
          if (ended) {
            lineEnded(line.toByteArray(), 0, line.size(), out);
            line.reset();
          }
        }
        at += count;
      }
    }
  }

  private void lineEnded(byte[] bytes, int at, int length, ByteArrayOutputStream out) {
    if (bytes[at] == 'H') {
      String control = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
      message = control.replace("\r\n", "").split(" ");
      block = new byte[Integer.parseInt(message[message.length - 2])];
      filled = 0;
      judge(out);
      return;
    }
    out.write(bytes, at, length);
    if (bytes[at] == 'M') {
      payload = lastNumber(bytes, at + length) + 2;
    }
  }

  /** The number before the end of a line: the bytes of the payload. */
  private static int lastNumber(byte[] bytes, int lineEnd) {
    int number = 0;
    int place = 1;
    for (int i = lineEnd - "\r\n".length() - 1; bytes[i] != ' '; i--) {
      number += place * (bytes[i] - '0');
      place *= 10;
    }
    return number;
  }

  private void judge(ByteArrayOutputStream out) {
    if (filled < block.length) {
      return;
    }
    int body = Integer.parseInt(message[message.length - 1]) - block.length;
    if (readable()) {
      write(String.join(" ", message) + "\r\n", out);
      out.writeBytes(block);
    } else {
      LOG.debug("The headers of a message on {} are dropped", message[1]);
      write(
          Arrays.stream(message, 1, message.length - 2)
              .collect(Collectors.joining(" ", "MSG ", " " + body + "\r\n")),
          out);
    }
    payload = body + 2;
    message = null;
  }

  private boolean readable() {
    try {
      boolean delivery = message.length == 6 && message[3].startsWith("$JS.ACK.");
      return new IncomingHeadersProcessor(block).getStatus() == null || !delivery;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static void write(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
