package org.llmroutes.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Puts the fragments of a WebSocket's messages together, and holds no more of them than may come: a
 * text has a limit, and audio comes only after a text that says how long it is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.4">RFC 6455, 5.4</a>
 */
final class FrameReader {
  private static final int NOTHING = -1;
  private static final int SKIPPED = -2;

  private final int maxTextBytes;
  private final Listener listener;
  private boolean binary;
  private boolean dropping;
  private int awaited = NOTHING;
  private Buffer message;

  /** What was read. */
  interface Listener {
    /** Valid UTF-8. */
    void text(byte[] text);

    void audio(byte[] audio);

    /** Audio came that is not as long as was said; the connection is well. */
    void wrongAudio(String why);

    /** What cannot go on; nothing more is to be read. */
    void broken(CloseCode code, String why);
  }

  FrameReader(int maxTextBytes, Listener listener) {
    this.maxTextBytes = maxTextBytes;
    this.listener = listener;
  }

  /** The next binary message is audio of this many bytes. */
  void expectAudio(int bytes) {
    awaited = bytes;
  }

  /** The next binary message, if one comes, belongs to a text that was refused. */
  void skipAudio() {
    awaited = SKIPPED;
  }

  void read(WebSocketFrame frame) {
    if (frame.isText() || frame.isBinary()) {
      binary = frame.isBinary();
      dropping = binary && awaited == SKIPPED;
      message = Buffer.buffer();
      if (binary && awaited == NOTHING) {
        listener.broken(
            CloseCode.UNSUPPORTED_DATA, "A binary frame comes after a JSON with audio_bytes");
        return;
      }
    } else if (!frame.isContinuation()) {
      return;
    }
    append(frame.binaryData());
    if (frame.isFinal()) {
      ended();
    }
  }

  private void append(Buffer fragment) {
    long length = (long) message.length() + fragment.length();
    if (dropping) {
      return;
    } else if (!binary && length > maxTextBytes) {
      dropping = true;
      listener.broken(CloseCode.TOO_LARGE, "A text may have " + maxTextBytes + " bytes");
    } else if (binary && length > awaited) {
      dropping = true;
      listener.wrongAudio("audio_bytes: it has more than " + awaited);
    } else {
      message.appendBuffer(fragment);
    }
  }

  private void ended() {
    byte[] bytes = message.getBytes();
    int wanted = awaited;
    message = null;
    if (binary) {
      awaited = NOTHING;
    }
    if (dropping) {
      return;
    } else if (!binary) {
      text(bytes);
    } else if (bytes.length < wanted) {
      listener.wrongAudio("audio_bytes: it has " + bytes.length + ", not " + wanted);
    } else {
      listener.audio(bytes);
    }
  }

  private void text(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      listener.broken(CloseCode.INVALID_DATA, "A text must be UTF-8");
      return;
    }
    listener.text(bytes);
  }
}
