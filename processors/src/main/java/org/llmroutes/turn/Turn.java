package org.llmroutes.turn;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.llmroutes.http.Deadline;

/**
 * One request while it is worked on: who asked, what its steps took, what was done without. It
 * belongs to the one thread that works on the exchange; only {@link #cancel} and {@link #interrupt}
 * come from others.
 */
public final class Turn {
  private static final String PROPERTY = "llmRoutesTurn";
  private static final double SHARE = 0.2;

  private final Claim claim;
  private final TurnLedger ledger;
  private final String responseSubject;
  private final ResponseStream stream;
  private final long arrivedMillis;
  private final long started = System.nanoTime();
  private final Map<String, Long> timings = new LinkedHashMap<>();
  private final Set<String> degraded = new LinkedHashSet<>();
  private final Interruption interruption = new Interruption();
  private final Errands errands = new Errands();
  private volatile boolean cancelled;
  private volatile String cancelTrace;
  private volatile int heard = Cancel.UNKNOWN;
  private volatile AnswerListener listener = AnswerListener.NONE;
  private String sessionId;
  private Map<String, Object> answer;
  private Outcome outcome;
  private String textSoFar;
  private long firstToken;
  private Deadline deadline = Deadline.never();

  /**
   * @param arrivedMillis when the stream stored the request, in epoch milliseconds
   */
  Turn(
      Claim claim,
      TurnLedger ledger,
      String responseSubject,
      ResponseStream stream,
      long arrivedMillis) {
    this.claim = claim;
    this.ledger = ledger;
    this.sessionId = claim.userId();
    this.cancelled = claim.cancelled();
    this.responseSubject = responseSubject;
    this.stream = stream;
    this.arrivedMillis = arrivedMillis;
    timings.put("queue", Math.max(0, System.currentTimeMillis() - arrivedMillis));
  }

  /** The turn of an exchange; absent where the message could not be attributed to a request. */
  public static Optional<Turn> find(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(PROPERTY, Turn.class));
  }

  public static Turn of(Exchange exchange) {
    return find(exchange)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No turn: the route must begin with accept-request-action"));
  }

  void bind(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  public String requestId() {
    return claim.requestId();
  }

  public String userId() {
    return claim.userId();
  }

  public String sessionId() {
    return sessionId;
  }

  void sessionId(String id) {
    sessionId = id;
  }

  Claim claim() {
    return claim;
  }

  String responseSubject() {
    return responseSubject;
  }

  /**
   * The message id of the response: of the message that is answered, because the server remembers
   * ids even of responses that were purged.
   */
  String responseId() {
    return responseSubject + "." + claim.owner();
  }

  public ResponseStream stream() {
    return stream;
  }

  /** The answer once it is composed and recorded; from then on nothing is generated again. */
  Optional<Map<String, Object>> answer() {
    return Optional.ofNullable(answer);
  }

  void answer(Map<String, Object> composed) {
    answer = composed;
  }

  /** How it was answered, once the response is made. */
  Outcome outcome() {
    return outcome;
  }

  void outcome(Outcome how) {
    outcome = how;
  }

  /** Records the answer, so that whatever happens from here on, this is what the client gets. */
  void record(Map<String, Object> composed, byte[] encoded)
      throws IOException, JetStreamApiException {
    listener.stopped();
    errands.end();
    ledger.record(claim, encoded);
    answer = composed;
  }

  /** Begins the answer again: the client drops what it has and shows the next attempt. */
  public void beginAgain() throws IOException, JetStreamApiException {
    ledger.nextAttempt(claim);
    listener.begunAgain();
    stream.restart(claim.attempt());
  }

  /** Tells the client, and who listens here, the next piece of the answer. */
  public void token(String text) {
    firstToken = firstToken == 0 ? System.currentTimeMillis() : firstToken;
    stream.token(text);
    listener.token(text);
  }

  /** Who is told of the answer from here on, in place of whoever was. */
  public void listener(AnswerListener next) {
    listener = next;
  }

  /** Until when the client waits. */
  public Deadline deadline() {
    return deadline;
  }

  /** For a step that the answer can do without, so that it leaves time for those that it cannot. */
  public Deadline share() {
    return deadline.share(SHARE);
  }

  /**
   * Waits for work that the answer can do without, as long as its share lasts; what is not done by
   * then goes on until the turn ends, so that it needs a deadline of its own.
   *
   * @throws TimeoutException where it is not done yet
   * @throws Exception whatever the work throws
   */
  public <T> T briefly(Callable<T> work) throws Exception {
    return errands.waitFor(work, share().leftToBegin());
  }

  void deadline(Deadline end) {
    deadline = end;
  }

  /** Stops the turn: the step in work is interrupted, later ones are passed over. */
  void cancel(Cancel cancel) {
    heard = cancel.spokenUntil();
    cancelTrace = cancel.trace();
    cancelled = true;
    interrupt();
  }

  /** Code points of the answer that have reached the user, as far as is known. */
  public int reached() {
    return heard == Cancel.UNKNOWN ? listener.reached() : heard;
  }

  public boolean cancelled() {
    return cancelled;
  }

  /** The traceparent of whoever cancelled it; null where nobody did, or without a trace. */
  String cancelTrace() {
    return cancelTrace;
  }

  /** Interrupts the step in work, because the deadline has passed. */
  void interrupt() {
    listener.stopped();
    errands.end();
    interruption.now();
  }

  <T> T interruptibly(Callable<T> work) throws Exception {
    return interruption.during(work);
  }

  /** What was generated before a failure or a cancel. */
  Optional<String> textSoFar() {
    return Optional.ofNullable(textSoFar);
  }

  public void textSoFar(String text) {
    textSoFar = text;
  }

  /** From the request's arrival to the first token, be it of an attempt that was dropped. */
  OptionalLong firstTokenMillis() {
    return firstToken == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, firstToken - arrivedMillis));
  }

  /** When the request arrived, in epoch milliseconds. */
  public long arrivedMillis() {
    return arrivedMillis;
  }

  /** Milliseconds by step, in the order in which they ran. */
  public Map<String, Long> timings() {
    return timings;
  }

  /** Steps that failed and were done without. */
  public Set<String> degraded() {
    return degraded;
  }

  /** Milliseconds since work on this delivery began. */
  public long elapsedMillis() {
    return (System.nanoTime() - started) / 1_000_000;
  }
}
