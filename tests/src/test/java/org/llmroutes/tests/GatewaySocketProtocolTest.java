package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmroutes.tests.RawSocket.CLOSE;
import static org.llmroutes.tests.RawSocket.CONTINUATION;
import static org.llmroutes.tests.RawSocket.FINAL;
import static org.llmroutes.tests.RawSocket.PING;
import static org.llmroutes.tests.RawSocket.TEXT;

import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that no library sends: each closes its connection with the code that RFC 6455 has. */
class GatewaySocketProtocolTest {
  private RawSocket socket;

  @BeforeEach
  void connect() throws Exception {
    socket = new RawSocket(Stack.shared().environment);
  }

  @AfterEach
  void leave() throws Exception {
    socket.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "text that is not UTF-8, 818200000000c328, 1007",
    "a reserved opcode, 838000000000, 1002",
    "a reserved bit, c18000000000, 1002",
    "a continuation of nothing, 808000000000, 1002",
    "a frame without a mask, 81027b7d, 1002",
    "a text in the middle of a text, 018100000000618180000000 0062, 1002",
    "a ping in fragments, 098000000000, 1002",
    "a ping of 126 bytes, 89fe007e00000000, 1002",
    "a close of one byte, 88810000000003, 1002",
    "a close with a code that must not be sent, 88820000000003ed, 1002",
    "a frame of 17 MB, 81ff000000000103664000000000, 1009",
    "a frame of exabytes, 81ff7fffffffffffffff00000000, 1009",
  })
  void isClosedFor(String what, String frame, int code) throws Exception {
    socket.raw(HexFormat.of().parseHex(frame.replace(" ", "")));

    assertThat(socket.closeCode()).as(what).isEqualTo(code);
  }

  @Test
  void echoesACloseCode() throws Exception {
    socket.send(FINAL | CLOSE, new byte[] {0x0f, (byte) 0xa1});

    assertThat(socket.closeCode()).isEqualTo(4001);
  }

  @Test
  void isClosedForATextThatIsTooLargeInFragments() throws Exception {
    socket.send(TEXT, "a".repeat(60_000));
    for (int i = 0; i < 9; i++) {
      socket.send(CONTINUATION, "a".repeat(60_000));
    }

    assertThat(socket.text()).contains("too_large");
    assertThat(socket.closeCode()).isEqualTo(1009);
  }

  @Test
  void readsAMessageFromFragmentsOfOneByteWithPingsBetweenThem() throws Exception {
    String frame = "{\"type\": \"cancel\", \"request_id\": \"nobodys\"}";
    socket.send(TEXT, "");
    for (char letter : frame.toCharArray()) {
      socket.send(CONTINUATION, String.valueOf(letter)).send(FINAL | PING, "here?");
    }
    socket.send(FINAL | CONTINUATION, "");

    assertThat(socket.text()).contains("not_found");
  }
}
