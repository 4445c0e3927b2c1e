package org.llmroutes.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** Whatever bytes come, there is a value or an error for the client, and nothing else. */
class MsgpackFuzzTest {
  private final MsgpackCodec codec = new MsgpackCodec();

  /** Bytes of a payload, mostly those that begin a value. */
  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    for (int i = 0; i < bytes.length; i++) {
      int kind = random.nextInt(4);
      bytes[i] =
          (byte) (kind < 2 ? 0xc0 + random.nextInt(32) : kind == 2 ? 0x80 : random.nextInt());
    }
    return bytes;
  }

  private byte[] damaged(long seed, Random random) {
    byte[] bytes = codec.encode(new RandomValues(seed).map(2));
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void anyBytes() {
    int read = 0;
    for (long seed = 1; seed <= 100_000; seed++) {
      Random random = new Random(seed);
      byte[] payload = seed % 8 == 0 ? damaged(seed, random) : noise(random);
      try {
        String seen = Seen.of(codec.decode(payload));
        read++;
        assertThat(Seen.of(codec.decode(codec.encode(codec.decode(payload))))).isEqualTo(seen);
      } catch (TurnException e) {
        assertThat(e.code()).as("seed " + seed).isEqualTo(ErrorCode.INVALID_MESSAGE);
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(payload), e);
      }
    }
    assertThat(read).as("payloads that could be read").isPositive();
  }

  @Test
  void cutAnywhere() {
    for (long seed = 1; seed <= 30; seed++) {
      Map<String, Object> value = new RandomValues(seed).map(2);
      byte[] whole = codec.encode(value);
      for (int length = 0; length < Math.min(whole.length, 3000); length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatExceptionOfType(TurnException.class)
            .as("seed " + seed + " cut after " + length)
            .isThrownBy(() -> codec.decode(cut))
            .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
      }
    }
  }
}
