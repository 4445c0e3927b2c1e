package org.llmroutes.local.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/**
 * Chat requests as no client should send them: noise, requests that are damaged, cut or swollen,
 * lengths that lie, values of other types, and texts that are code elsewhere. The same seed gives
 * the same requests.
 */
public final class HostileRequests {
  private static final String[] TEXTS = {
    "{{request_id}}",
    "{{{.}}}",
    "{{=<% %>=}}",
    "{{#sources}}{{text}}{{/sources}}",
    "${jndi:ldap://127.0.0.1:1/x}",
    "${header.NatsSubject}",
    "${bean:settings}",
    "RAW(x)",
    "{{env:PATH}}",
    "#{1+1}",
    "' or 1 == 1",
    "\" or id != \"",
    "x\r\nNats-Msg-Id: x",
    "../../etc/passwd",
    "a.b",
    "*",
    ">",
    "\0",
    "\u202e\ufeff",
    "\ud83c\udf0b",
    ""
  };

  private static final String[] FIELDS = {
    "request_id",
    "message",
    "user_id",
    "session_id",
    "collection",
    "enable_rag",
    "enable_reranker",
    "enable_streaming",
    "top_k",
    "filter",
    "model",
    "temperature",
    "max_tokens",
    "language",
    "timeout_ms",
    "timestamp"
  };

  /** The first bytes of what has a length of 1, 2 or 4 bytes: bin, ext, str, array, map. */
  private static final int[] LONG_FORMS = {
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf
  };

  private final Random random;

  public HostileRequests(long seed) {
    random = new Random(seed);
  }

  /** The next payload, mostly small. */
  public byte[] next() {
    return switch (random.nextInt(8)) {
      case 0 -> noise();
      case 1 -> cut(request());
      case 2 -> damaged(request());
      case 3 -> lying(request());
      case 4 -> random.nextInt(200) == 0 ? swollen() : request();
      default -> request();
    };
  }

  /** A user of a subject, one token that NATS lets through. */
  public String user() {
    String[] users = {"ada", "${jndi:x}", "{{user}}", "\u00fc", "a'b", "%2e", "#", "u".repeat(200)};
    return users[random.nextInt(users.length)];
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] cut(byte[] whole) {
    return Arrays.copyOf(whole, random.nextInt(whole.length));
  }

  private byte[] damaged(byte[] bytes) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  /** A length that promises more than there is, somewhere. */
  private byte[] lying(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    ByteBuffer buffer = ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 5));
    buffer.position(at);
    buffer.put((byte) LONG_FORMS[random.nextInt(LONG_FORMS.length)]);
    buffer.putInt(random.nextBoolean() ? -1 : Integer.MAX_VALUE >> random.nextInt(24));
    return buffer.array();
  }

  /** Many small things, or a large one. */
  private byte[] swollen() {
    return packed(
        packer -> {
          packer.packMapHeader(3);
          packId(packer);
          packer.packString(FIELDS[1 + random.nextInt(FIELDS.length - 1)]);
          switch (random.nextInt(4)) {
            case 0 -> packBytes(packer, random.nextInt((8 << 20) - 1024));
            case 1 -> packer.packString("x".repeat(random.nextInt(2 << 20)));
            case 2 -> packManyKeys(packer, random.nextInt(20_000));
            default -> packDeep(packer, random.nextInt(100_000));
          }
          packer.packString("message");
          packer.packString("swollen");
        });
  }

  /** A request of which some fields are of any kind, some of them twice. */
  private byte[] request() {
    int fields = random.nextInt(4);
    return packed(
        packer -> {
          packer.packMapHeader(2 + fields);
          packId(packer);
          packer.packString("message");
          packer.packString(text());
          for (int i = 0; i < fields; i++) {
            packer.packString(
                random.nextInt(6) == 0 ? text() : FIELDS[random.nextInt(FIELDS.length)]);
            packValue(packer, 3);
          }
        });
  }

  private void packId(MessagePacker packer) throws IOException {
    packer.packString("request_id");
    packer.packString(new UUID(random.nextLong(), random.nextLong()).toString());
  }

  private void packValue(MessagePacker packer, int depth) throws IOException {
    switch (random.nextInt(depth > 0 ? 13 : 9)) {
      case 0 -> packer.packNil();
      case 1 -> packer.packBoolean(random.nextBoolean());
      case 2 -> packer.packLong(random.nextLong() >> random.nextInt(64));
      case 3 -> packer.packBigInteger(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
      case 4 -> packer.packDouble(number());
      case 5 -> packer.packTimestamp(Instant.ofEpochSecond(random.nextInt()));
      case 6 -> packBytes(packer, random.nextInt(300));
      case 7, 8 -> packer.packString(text());
      case 9 -> packer.packExtensionTypeHeader((byte) random.nextInt(), 0);
      case 10 -> packDeep(packer, random.nextInt(40));
      case 11 -> {
        int length = random.nextInt(5);
        packer.packArrayHeader(length);
        for (int i = 0; i < length; i++) {
          packValue(packer, depth - 1);
        }
      }
      default -> {
        int length = random.nextInt(5);
        packer.packMapHeader(length);
        for (int i = 0; i < length; i++) {
          if (random.nextInt(10) == 0) {
            packer.packInt(i);
          } else {
            packer.packString(text());
          }
          packValue(packer, depth - 1);
        }
      }
    }
  }

  private double number() {
    double[] edges = {Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE};
    return random.nextBoolean()
        ? edges[random.nextInt(edges.length)]
        : Double.longBitsToDouble(random.nextLong());
  }

  private void packBytes(MessagePacker packer, int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    packer.packBinaryHeader(length);
    packer.writePayload(bytes);
  }

  private static void packManyKeys(MessagePacker packer, int length) throws IOException {
    packer.packMapHeader(length);
    for (int i = 0; i < length; i++) {
      packer.packString("-" + i);
      packer.packNil();
    }
  }

  private static void packDeep(MessagePacker packer, int depth) throws IOException {
    for (int i = 0; i < depth; i++) {
      packer.packArrayHeader(1);
    }
    packer.packNil();
  }

  private String text() {
    String text = TEXTS[random.nextInt(TEXTS.length)];
    return switch (random.nextInt(50)) {
      case 0 -> text.repeat(random.nextInt(4000));
      case 1, 2, 3, 4, 5 -> text + TEXTS[random.nextInt(TEXTS.length)];
      case 6, 7, 8, 9, 10, 11, 12 -> "plain" + random.nextInt(10);
      default -> text;
    };
  }

  private interface Content {
    void packInto(MessagePacker packer) throws IOException;
  }

  private static byte[] packed(Content content) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      content.packInto(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
