package org.llmroutes.pipelines;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.Optional;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.MessageSpans;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.nats.TraceHeaders;
import org.llmroutes.nats.UserSubjects;
import org.llmroutes.pipelines.PipelineRuns.Found;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes statuses on {@code ai.pipeline.status.{request_id}}. An entry of the bucket is written
 * first and says what is to be told; whoever finds it untold tells it, under the same message id,
 * so that AI_RESPONSES stores each status once. Its user's copy goes out first, so that it cannot
 * be missing where the status is stored. Safe for concurrent use.
 */
public final class Statuses {
  private static final Logger LOG = LoggerFactory.getLogger("org.llmroutes.runs");
  private static final String MESSAGE_ID = "Nats-Msg-Id";

  private final Connection connection;
  private final MsgpackCodec codec;
  private final PipelineRuns runs;
  private final RefusedStarts refusedStarts;

  public Statuses(Connection connection, MsgpackCodec codec, PipelineRuns runs) {
    this.connection = connection;
    this.codec = codec;
    this.runs = runs;
    this.refusedStarts = new RefusedStarts(connection);
  }

  /** Sees to it that the last status is stored, and notes that it is told. */
  void tell(Found found) throws IOException, JetStreamApiException {
    RunEntry entry = found.entry();
    if (entry.status().status() == Status.REJECTED && entry.original() != null) {
      refusedStarts.keep(entry);
    }
    if (!isStored(entry)) {
      publish(entry);
      RunMeters.told(entry);
      RunSpan.told(entry);
      log(entry);
    }
    Optional<Found> now = Optional.of(found);
    while (now.isPresent()
        && now.get().entry().isUntold()
        && runs.update(now.get(), now.get().entry().asTold()).isEmpty()) {
      now = runs.find(entry.trigger().requestId());
    }
  }

  /** Sends the last status once more to whoever listens now. */
  void repeat(RunEntry entry) throws IOException, JetStreamApiException {
    publish(entry);
  }

  /** Listeners of core NATS would see a copy that the stream drops. */
  private boolean isStored(RunEntry entry) throws IOException, JetStreamApiException {
    Optional<MessageInfo> last =
        StoredMessages.find(
            () -> connection.jetStreamManagement().getLastMessage("AI_RESPONSES", subject(entry)));
    return last.isPresent()
        && last.get().getHeaders() != null
        && messageId(entry).equals(last.get().getHeaders().getFirst(MESSAGE_ID));
  }

  private void publish(RunEntry entry) throws IOException, JetStreamApiException {
    byte[] status = codec.encode(StatusMessage.of(entry));
    Span span =
        MessageSpans.publish(
                Tracing.continued(entry.trigger().trace()), "AI_RESPONSES", subject(entry))
            .set(Names.REQUEST_ID, entry.trigger().requestId())
            .set(Names.STATUS, entry.status().status().wire());
    try {
      if (!Trigger.ANONYMOUS.equals(entry.trigger().userId())) {
        connection.publish(
            UserSubjects.copyOf(subject(entry), entry.trigger().userId()),
            TraceHeaders.of(span),
            status);
      }
      connection.jetStream().publish(subject(entry), headers(entry, span), status);
    } finally {
      span.end();
    }
  }

  private static Headers headers(RunEntry entry, Span span) {
    return TraceHeaders.into(new Headers().put(MESSAGE_ID, messageId(entry)), span);
  }

  private static String subject(RunEntry entry) {
    return "ai.pipeline.status." + entry.trigger().requestId();
  }

  /** With the trigger's sequence: the server remembers ids of statuses before a replay, too. */
  private static String messageId(RunEntry entry) {
    Trigger trigger = entry.trigger();
    return trigger.requestId() + "." + trigger.sequence() + "." + entry.status().seq();
  }

  private static void log(RunEntry entry) {
    LOG.atInfo()
        .addKeyValue("request_id", entry.trigger().requestId())
        .addKeyValue("user_id", entry.trigger().userId())
        .addKeyValue("pipeline", entry.trigger().pipeline())
        .addKeyValue("engine", entry.trigger().engine())
        .addKeyValue("run_id", entry.started() == null ? "" : entry.started().id())
        .addKeyValue("seq", entry.status().seq())
        .addKeyValue("status", entry.status().status().wire())
        .log("run");
  }
}
