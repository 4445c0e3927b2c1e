package org.llmroutes.cli;

import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.deadletters.Letter;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;

/** What is shown of a dead letter. */
final class LetterView {
  private static final int SHOWN_BYTES = 128;

  private LetterView() {}

  /** What a line of a list says, by name. */
  static Map<String, Object> summary(Letter letter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", letter.number());
    fields.put("time", letter.time().truncatedTo(ChronoUnit.SECONDS));
    fields.put("family", letter.family());
    fields.put("code", letter.header("Dlq-Error-Code"));
    fields.put("deliveries", letter.header("Dlq-Delivery-Count"));
    fields.put("subject", letter.header("Dlq-Subject"));
    fields.put("request_id", letter.requestId().orElse(null));
    fields.put("reason", letter.header("Dlq-Reason"));
    return fields;
  }

  /** All of it: {@code payload}, or {@code payload_error} and the first bytes in hex. */
  static Map<String, Object> whole(Letter letter) {
    Map<String, Object> fields = summary(letter);
    fields.put("headers", letter.headers());
    fields.put("bytes", letter.payload().length);
    try {
      fields.put("payload", new MsgpackCodec().decode(letter.payload()));
    } catch (TurnException e) {
      fields.put("payload_error", e.getMessage());
      byte[] first =
          Arrays.copyOf(letter.payload(), Math.min(SHOWN_BYTES, letter.payload().length));
      fields.put("payload_hex", HexFormat.of().formatHex(first));
    }
    return fields;
  }
}
