package org.llmroutes.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is encoded here means the same to another implementation, and back. */
class MsgpackRoundTripTest {
  private final MsgpackCodec codec = new MsgpackCodec();

  @Test
  void pythonReadsAndWritesTheSameValues() throws Exception {
    try (PythonPeer python = new PythonPeer()) {
      for (long seed = 1; seed <= 3000; seed++) {
        Object value = new RandomValues(seed).value(3);
        PythonPeer.Reply reply = python.decode(codec.encode(value));
        assertThat(reply.seen()).as("read by Python, seed " + seed).isEqualTo(Seen.of(value));
        assertThat(Seen.of(codec.decode(reply.again())))
            .as("written by Python, seed " + seed)
            .isEqualTo(Seen.of(value));
      }
    }
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of("cc01", 1L),
        Arguments.of("cd0001", 1L),
        Arguments.of("ce00000001", 1L),
        Arguments.of("cf0000000000000001", 1L),
        Arguments.of("cf7fffffffffffffff", Long.MAX_VALUE),
        Arguments.of("cf8000000000000000", BigInteger.ONE.shiftLeft(63)),
        Arguments.of("d0ff", -1L),
        Arguments.of("d1ffff", -1L),
        Arguments.of("d2ffffffff", -1L),
        Arguments.of("d3ffffffffffffffff", -1L),
        Arguments.of("d38000000000000000", Long.MIN_VALUE),
        Arguments.of("ca3fc00000", 1.5),
        Arguments.of("d90161", "a"),
        Arguments.of("db0000000161", "a"),
        Arguments.of("d6ff00000001", Instant.ofEpochSecond(1)),
        Arguments.of("d7ff0000000400000001", Instant.ofEpochSecond(1, 1)),
        Arguments.of("c70cff00000001ffffffffffffffff", Instant.ofEpochSecond(-1, 1)));
  }

  /** Writers need not choose the shortest form. */
  @ParameterizedTest
  @MethodSource("forms")
  void everyFormOfAValueIsRead(String hex, Object value) {
    assertThat(codec.decode(HexFormat.of().parseHex(hex))).isEqualTo(value);
  }
}
