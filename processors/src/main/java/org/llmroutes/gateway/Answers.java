package org.llmroutes.gateway;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Subscription;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.nats.CancelMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that are on their way to clients of this instance. A message that comes while its
 * connection is away is read from the streams later. Safe for concurrent use.
 */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final Duration LOOKED_FOR = Duration.ofSeconds(5);
  private static final Duration KEPT_ALIVE = Duration.ofSeconds(15);

  private final Connection connection;
  private final MsgpackCodec codec;
  private final StoredAnswers storage;
  private final Executor workers;
  private final int most;
  private final Duration patience;
  private final Dispatcher dispatcher;
  private final Map<Answer, List<Subscription>> open = new ConcurrentHashMap<>();

  /** Something read from the streams. */
  @FunctionalInterface
  interface Read<T> {
    T from(StoredAnswers storage) throws Exception;
  }

  /**
   * @param most open answers at once
   * @param patience how long an answer is waited for
   */
  Answers(
      Connection connection, MsgpackCodec codec, Executor workers, int most, Duration patience) {
    this.connection = connection;
    this.codec = codec;
    this.storage = new StoredAnswers(connection, codec);
    this.workers = workers;
    this.most = most;
    this.patience = patience;
    this.dispatcher = connection.createDispatcher();
  }

  /**
   * Listens for an answer from now on.
   *
   * @param expires when nothing more may be written
   * @throws HttpProblem where too many are open
   */
  Answer open(Course course, String requestId, AnswerSink sink, Context context, Instant expires) {
    if (open.size() >= most) {
      throw HttpProblem.of(ErrorCode.UNAVAILABLE, "Too many answers at once");
    }
    Answer answer = new Answer(this, sink, context, course, requestId, expires);
    List<Subscription> subscriptions =
        answer.subjects().stream().map(subject -> subscribe(subject, answer)).toList();
    open.put(answer, subscriptions);
    return answer;
  }

  private Subscription subscribe(String subject, Answer answer) {
    return dispatcher.subscribe(
        subject, message -> answer.arrived(subject, codec.decodeMap(message.getData())));
  }

  int number() {
    return open.size();
  }

  void closed(Answer answer) {
    List<Subscription> subscriptions = open.remove(answer);
    if (subscriptions != null && dispatcher.isActive()) {
      subscriptions.forEach(dispatcher::unsubscribe);
    }
  }

  /** Stops a request wherever it is; {@code what} is the payload of the contract's cancel. */
  void cancel(String requestId, Map<String, Object> what) {
    CancelMessage.publish(
        connection, "ai.cancel." + requestId, what.isEmpty() ? new byte[0] : codec.encode(what));
  }

  /** To be called now and then: looks after answers that nothing has come for. */
  void tick() {
    open.keySet().forEach(answer -> answer.tick(LOOKED_FOR, KEPT_ALIVE, patience));
  }

  /**
   * Reads on a worker.
   *
   * @param then given nothing where NATS is away
   */
  <T> void read(Read<T> read, Consumer<Optional<T>> then) {
    try {
      workers.execute(
          () -> {
            Optional<T> found = Optional.empty();
            try {
              found = Optional.of(read.from(storage));
            } catch (Exception e) {
              LOG.debug("Not read; it is tried again", e);
            }
            then.accept(found);
          });
    } catch (RejectedExecutionException e) {
      then.accept(Optional.empty());
    }
  }
}
