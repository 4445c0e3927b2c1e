package org.llmroutes.deadletters;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.pipelines.RunReopening;
import org.llmroutes.turn.DeadLetter;
import org.llmroutes.turn.TurnReopening;

/**
 * Sends the requests of dead letters again, as new work. A letter is deleted last, so that a replay
 * that was cut short can be repeated; the turn ledger and the message id see to it that no request
 * is then worked on twice.
 */
public final class Replay {
  /** Nothing else is published to, whatever a header says. */
  private static final Pattern SUBJECT =
      Pattern.compile(
          "ai\\.(?:(chat|voice)\\.user\\.([A-Za-z0-9_-]{1,128})\\.(message|request)|(pipeline)\\.(?:user\\.([A-Za-z0-9_-]{1,128})\\.)?trigger)");

  private static final Pattern SEQUENCE = Pattern.compile("[1-9]\\d{0,17}");

  private final Connection connection;
  private final DeadLetters letters;
  private final MsgpackCodec codec = new MsgpackCodec();
  private final TurnReopening turns;
  private final RunReopening runs;

  public Replay(Connection connection, DeadLetters letters) {
    this.connection = connection;
    this.letters = letters;
    this.turns = new TurnReopening(connection, codec);
    this.runs = new RunReopening(connection);
  }

  /**
   * @param force whether to replay also what is answered already, or can only fail again
   * @throws TurnException where the letter stays; its message is the reason
   */
  public void replay(Letter letter, boolean force) throws IOException, JetStreamApiException {
    Matcher subject = SUBJECT.matcher(letter.header("Dlq-Subject"));
    String sequence = letter.header("Dlq-Stream-Sequence");
    if (!subject.matches() || !SEQUENCE.matcher(sequence).matches()) {
      throw refusal("its headers name no request");
    }
    if (!letter.header(DeadLetter.ORIGINAL_BYTES).isEmpty()) {
      throw refusal("only the beginning of its request is kept; its client must send it again");
    }
    Optional<String> requestId = letter.requestId();
    if (!force) {
      requireReadable(letter, requestId);
    }
    String family = subject.group(1) == null ? subject.group(4) : subject.group(1);
    String stream = "AI_" + family.toUpperCase(Locale.ROOT);
    if (isStored(stream, Long.parseLong(sequence))) {
      throw refusal("its request is in work");
    }
    long revision = 0;
    if (requestId.isPresent()) {
      revision =
          subject.group(1) == null
              ? runs.reopen(
                  requestId.get(),
                  Optional.ofNullable(subject.group(5)).or(letter::userId).orElse("anonymous"),
                  Long.parseLong(sequence),
                  force)
              : turns.reopen(
                  requestId.get(),
                  subject.group(2),
                  stream + "/" + sequence,
                  "ai." + family + ".response",
                  force);
    }
    publish(letter, subject.group(), stream, revision);
    letters.delete(letter.number());
  }

  private void requireReadable(Letter letter, Optional<String> requestId) {
    try {
      codec.decodeMap(letter.payload());
    } catch (TurnException e) {
      throw refusal("it cannot be decoded and would fail again: " + e.getMessage());
    }
    if (requestId.isEmpty()) {
      throw refusal("it has no usable request_id and would fail again");
    }
  }

  /** A request leaves its stream once it is answered, its dead letter comes a moment before. */
  private boolean isStored(String stream, long sequence) throws IOException, JetStreamApiException {
    return StoredMessages.find(() -> connection.jetStreamManagement().getMessage(stream, sequence))
        .isPresent();
  }

  /** The id is the same until the turn is claimed, so that a repetition stores no second copy. */
  private void publish(Letter letter, String subject, String stream, long revision)
      throws IOException, JetStreamApiException {
    Headers headers = new Headers().put("Nats-Msg-Id", "dlq." + letter.number() + "." + revision);
    String trace = letter.header("traceparent");
    if (!trace.isEmpty()) {
      headers.put("traceparent", trace);
    }
    connection
        .jetStream()
        .publish(
            subject,
            headers,
            letter.payload(),
            PublishOptions.builder().expectedStream(stream).build());
  }

  private static TurnException refusal(String reason) {
    return new TurnException(ErrorCode.REJECTED, reason);
  }
}
