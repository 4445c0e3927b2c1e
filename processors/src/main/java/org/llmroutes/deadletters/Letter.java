package org.llmroutes.deadletters;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmroutes.msgpack.TopLevelFields;
import org.llmroutes.turn.TurnOpening;

/**
 * One dead letter: a request that failed, byte for byte, and headers that say why. Whatever it
 * holds came from outside.
 */
public final class Letter {
  private final MessageInfo stored;

  Letter(MessageInfo stored) {
    this.stored = stored;
  }

  /** Its sequence in AI_DLQ. */
  public long number() {
    return stored.getSeq();
  }

  public Instant time() {
    return stored.getTime().toInstant();
  }

  /** {@code chat}, {@code voice} or {@code pipeline}. */
  public String family() {
    return family(stored.getSubject());
  }

  /** Of a letter by its subject. */
  static String family(String subject) {
    return subject.substring(subject.lastIndexOf('.') + 1);
  }

  public Map<String, List<String>> headers() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    Headers headers = stored.getHeaders();
    if (headers != null) {
      headers.entrySet().forEach(header -> all.put(header.getKey(), header.getValue()));
    }
    return all;
  }

  /** The value of a header, or the empty text where it is missing. */
  public String header(String name) {
    Headers headers = stored.getHeaders();
    String value = headers == null ? null : headers.getFirst(name);
    return value == null ? "" : value;
  }

  /** The bytes of the request as they came. */
  public byte[] payload() {
    byte[] data = stored.getData();
    return data == null ? new byte[0] : data;
  }

  /** As the routes would read it; the payload may be beyond decoding otherwise. */
  public Optional<String> requestId() {
    return token("request_id");
  }

  /** Whom the payload names, where it does. */
  Optional<String> userId() {
    return token("user_id");
  }

  private Optional<String> token(String field) {
    return TurnOpening.token(TopLevelFields.read(payload(), Set.of(field)).get(field));
  }
}
