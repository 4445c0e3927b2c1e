package org.llmroutes.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes come from a socket in any portions. */
class HeaderGuardTest {
  private static final String GOOD =
      "INFO {\"a\":1}\r\nPING\r\n"
          + "MSG s 1 2\r\nHM\r\nMSG s 1 r 0\r\n\r\n"
          + "HMSG s 1 $JS.ACK.x 17 19\r\nNATS/1.0\r\na:b\r\n\r\nxy\r\n"
          + "HMSG grün 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 11, 1000})
  void whatIsGoodPassesAsItIs(int portion) {
    assertThat(passed(GOOD, portion)).isEqualTo(GOOD);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 11, 1000})
  void whatIsBadLosesItsHeadersAlone(int portion) {
    String bad =
        "HMSG s 1 r.e 5 7\r\nä: bxy\r\n"
            + "HMSG s 2 0 1\r\nx\r\n"
            + "HMSG s 3 $JS.ACK.x 16 18\r\nNATS/1.0 503\r\n\r\nxy\r\n";
    String without = "MSG s 1 r.e 2\r\nxy\r\nMSG s 2 1\r\nx\r\nMSG s 3 $JS.ACK.x 2\r\nxy\r\n";
    assertThat(passed(bad + GOOD, portion)).isEqualTo(without + GOOD);
  }

  private static String passed(String text, int portion) {
    HeaderGuard guard = new HeaderGuard();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += portion) {
      byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + portion));
      guard.pass(part, part.length, out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
