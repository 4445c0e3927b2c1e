package org.llmroutes.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** Each bound, met and overstepped, and what is no message at all. */
class MsgpackLimitsTest {
  private final MsgpackCodec codec = new MsgpackCodec(new MsgpackLimits(200, 3, 8, 12, 10, 20));

  private ThrowableAssertAlternative<TurnException> refused(byte[] payload) {
    return assertThatExceptionOfType(TurnException.class).isThrownBy(() -> codec.decode(payload));
  }

  private void invalid(Object value, String message) {
    refused(codec.encode(value))
        .withMessage(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }

  private void accepted(Object value) {
    assertThat(Seen.of(codec.decode(codec.encode(value)))).isEqualTo(Seen.of(value));
  }

  @Test
  void takesATextAsLongAsAMessageCanBe() {
    MsgpackCodec codec = new MsgpackCodec();
    String text = "x".repeat(MsgpackLimits.DEFAULT.bytes() - 100);

    assertThat(codec.decodeMap(codec.encode(Map.of("response", text))))
        .containsEntry("response", text);
  }

  @Test
  void size() {
    refused(new byte[201])
        .withMessage("The message has 201 bytes, more than 200")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
  }

  @Test
  void depth() {
    accepted(List.of(Map.of("a", List.of(1L))));
    invalid(List.of(Map.of("a", List.of(List.of()))), "Nested deeper than 3");
  }

  @Test
  void elementsOfOne() {
    accepted(Collections.nCopies(8, 1L));
    invalid(Collections.nCopies(9, 1L), "An array has 9 elements, more than 8");
    Map<String, Integer> map =
        Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1, "g", 1, "h", 1, "i", 1);
    invalid(map, "A map has 9 elements, more than 8");
  }

  @Test
  void elementsOfAllTogether() {
    List<Long> five = Collections.nCopies(5, 1L);
    accepted(List.of(five, five));
    invalid(
        List.of(five, five, List.of(1L)),
        "All maps and arrays together have more than 12 elements");
  }

  @Test
  void lengthsInBytes() {
    accepted("ééééé");
    invalid("éééééx", "A string has 11 bytes, more than 10");
    invalid(Map.of("éééééx", 1), "A string has 11 bytes, more than 10");
    accepted(new byte[20]);
    invalid(new byte[21], "A bin has 21 bytes, more than 20");
  }

  /**
   * Nothing of the declared length is made: with the default limits, 2^31 and 2^32 - 1 elements.
   */
  @ParameterizedTest
  @CsvSource({
    "dd80000000, a length over",
    "ddffffffff, a length over",
    "df80000000, a length over",
    "dbffffffff, a length over",
    "c6ffffffff, a length over",
    "c9ffffffff05, a length over",
    "dd7fffffff, An array has 2147483647 elements",
    "df7fffffff, A map has 2147483647 elements",
    "db7fffffff, A string has 2147483647 bytes",
    "c67fffffff, A bin has 2147483647 bytes",
    "dc4000, An array is longer than the message",
    "de4000, A map is longer than the message",
    "db00100000, A string is longer than the message",
    "c600800000, A bin is longer than the message",
    "8201c0, A map is longer than the message",
    "8101c0, A map key is not a string",
    "81c0c0, A map key is not a string",
    "82a161c0a161c0, A map key stands twice",
    "d40501, Extension type 5 is not known",
    "d4ff01, Not valid MessagePack",
    "c70cff000000007fffffffffffffff, Not valid MessagePack",
    "c1, Not valid MessagePack",
    "a2c328, is not UTF-8",
    "a3eda080, is not UTF-8",
    "7b7d, The message is JSON",
    "81c40161c0, of the type bin",
    "'', The message ends before its value",
    "c0c0, There are 1 bytes after the MessagePack value",
  })
  void whatIsNoMessage(String hex, String message) {
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> new MsgpackCodec().decode(HexFormat.of().parseHex(hex)))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }

  @Test
  void whatIsNoMap() {
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> codec.decodeMap(codec.encode(List.of())))
        .withMessage("The message must be a MessagePack map");
  }
}
