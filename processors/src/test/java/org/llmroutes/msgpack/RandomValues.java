package org.llmroutes.msgpack;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values of every kind that MessagePack has here, with a liking for the edges of each form. */
final class RandomValues {
  private static final int[] LENGTHS = {0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536};

  private final Random random;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2, 3 -> integer();
      case 4 -> number();
      case 5 -> text();
      case 6 -> bytes();
      case 7 -> instant();
      case 8 -> list(depth);
      default -> map(depth);
    };
  }

  /** A {@code Long}, or a {@code BigInteger} above it; near a power of two half of the time. */
  private Object integer() {
    int bits = random.nextInt(65);
    if (bits == 64) {
      return BigInteger.ONE.shiftLeft(64).subtract(BigInteger.valueOf(1 + random.nextInt(3)));
    } else if (bits == 63 && random.nextBoolean()) {
      return BigInteger.ONE.shiftLeft(63).add(new BigInteger(62, random));
    }
    long edge = (bits == 63 ? Long.MAX_VALUE : 1L << bits) - random.nextInt(2);
    long value = random.nextBoolean() ? edge : edge - (long) (random.nextDouble() * edge);
    return random.nextBoolean() ? value : -value - 1;
  }

  private Double number() {
    double[] edges = {0, -0.0, 1, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY};
    double any = Double.longBitsToDouble(random.nextLong());
    return random.nextBoolean() || Double.isNaN(any) ? edges[random.nextInt(edges.length)] : any;
  }

  private int length() {
    int edges = random.nextInt(50) == 0 ? LENGTHS.length : 8;
    return random.nextBoolean() ? random.nextInt(12) : LENGTHS[random.nextInt(edges)];
  }

  String text() {
    int[] from = {0x20, 0x00, 0xe0, 0x4e00, 0x1f300, 0x10fff0};
    int base = from[random.nextInt(from.length)];
    StringBuilder text = new StringBuilder();
    for (int i = length(); i > 0; i--) {
      text.appendCodePoint(base + random.nextInt(16));
    }
    return text.toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[length()];
    random.nextBytes(bytes);
    return bytes;
  }

  /** In all three forms: 32 bits of seconds, 34 with nanoseconds, and everything else. */
  private Instant instant() {
    int nanos = random.nextBoolean() ? 0 : random.nextInt(1_000_000_000);
    return switch (random.nextInt(4)) {
      case 0 -> Instant.ofEpochSecond(random.nextLong(1L << 32), nanos);
      case 1 -> Instant.ofEpochSecond(random.nextLong(1L << 34), nanos);
      case 2 -> Instant.ofEpochSecond(-random.nextLong(1L << 40), nanos);
      default -> random.nextBoolean() ? Instant.MIN.plusNanos(nanos) : Instant.MAX;
    };
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(18); i > 0; i--) {
      list.add(value(depth - 1));
    }
    return list;
  }

  Map<String, Object> map(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(18); i > 0; i--) {
      map.put(text(), value(depth - 1));
    }
    return map;
  }
}
