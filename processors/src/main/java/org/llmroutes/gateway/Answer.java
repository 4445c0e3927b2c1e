package org.llmroutes.gateway;

import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One answer on its way to a client. Nothing is written before it begins: until then nobody knows
 * whether the client may have it. Chunks are written in order as they arrive; what is missing,
 * because the connection was away or the client reads slowly, is read from the stream, so that next
 * to nothing is held here. Its state belongs to the event loop of the request.
 */
final class Answer {
  private static final int MOST_EARLY = 16;

  private final Answers answers;
  private final AnswerSink sink;
  private final Context context;
  private final String requestId;
  private final Course course;
  private final Instant expires;
  private final long opened = System.nanoTime();
  private final List<Runnable> early = new ArrayList<>();
  private boolean begun;
  private long attempt;
  private long next;
  private long stored = 1;
  private boolean catchingUp;
  private boolean missed;
  private boolean told;
  private boolean closed;
  private Map<String, Object> response;
  private long lastWord = System.nanoTime();
  private long lastLook = System.nanoTime();

  Answer(
      Answers answers,
      AnswerSink sink,
      Context context,
      Course course,
      String requestId,
      Instant expires) {
    this.expires = expires;
    this.answers = answers;
    this.sink = sink;
    this.context = context;
    this.requestId = requestId;
    this.course = course;
  }

  /** What is to be listened to. */
  List<String> subjects() {
    return course.subjects(sink.wantsChunks());
  }

  /** A message of one of the subjects; from any thread. */
  void arrived(String subject, Map<String, Object> content) {
    boolean last = subject.equals(course.response());
    context.runOnContext(now -> heard(last, content));
  }

  private void heard(boolean last, Map<String, Object> content) {
    if (closed) {
      return;
    }
    if (!begun) {
      missed |= early.size() == MOST_EARLY;
      if (!missed) {
        early.add(() -> heard(last, content));
      }
    } else if (!last) {
      chunk(content);
    } else if (isElsewhere(content)) {
      answers.read(storage -> storage.withAudio(content), this::answered);
    } else {
      response = content;
      finish();
    }
  }

  /** Whether audio that had no room in a message has yet to be read. */
  private static boolean isElsewhere(Map<String, Object> message) {
    return message.get("audio_ref") != null;
  }

  private void answered(Optional<Map<String, Object>> whole) {
    context.runOnContext(
        now -> {
          if (!closed && whole.isPresent()) {
            response = whole.get();
            finish();
          }
        });
  }

  /** The client may have it: what has come, and what comes, is written. */
  void begin() {
    context.runOnContext(
        now -> {
          boolean incomplete = missed;
          writeEarly();
          if (incomplete) {
            lookAgain();
          }
        });
  }

  private void writeEarly() {
    begun = true;
    early.forEach(Runnable::run);
    early.clear();
  }

  /**
   * Begins with an answer that the client has a part of.
   *
   * @param lastEventId {@code attempt.seq} of what the client has; from the beginning where it is
   *     something else
   */
  void beginAfter(String lastEventId) {
    String[] place = lastEventId.split("\\.", 2);
    context.runOnContext(
        now -> {
          if (lastEventId.matches("\\d{1,9}\\.\\d{1,9}")) {
            attempt = Long.parseLong(place[0]);
            next = Long.parseLong(place[1]) + 1;
          }
          writeEarly();
          lookAgain();
        });
  }

  private void chunk(Map<String, Object> chunk) {
    long of = Course.attempt(chunk);
    long seq = Course.seq(chunk);
    if (of < attempt || of == attempt && seq < next) {
      return;
    }
    if (catchingUp || sink.isFull() || !follows(of, seq) || isElsewhere(chunk)) {
      missed = true;
      catchUp();
    } else {
      write(chunk, of, seq);
      finish();
    }
  }

  private boolean follows(long of, long seq) {
    return of == attempt ? seq == next || isReplayed(seq) : seq == 0;
  }

  /** A rejected trigger that was replayed has its statuses begin anew. */
  private boolean isReplayed(long seq) {
    return seq == 0 && told && !course.hasResponse();
  }

  private void write(Map<String, Object> chunk, long of, long seq) {
    attempt = of;
    next = seq + 1;
    told = course.isLast(chunk);
    if (!course.hasResponse()) {
      response = told ? chunk : null;
    }
    lastWord = System.nanoTime();
    lastLook = lastWord;
    sink.chunk(chunk);
  }

  /** The response comes after all chunks of its answer. */
  private void finish() {
    if (response == null) {
      return;
    }
    if (catchingUp) {
      missed = true; // what is being read may be older than the response
    } else if (!sink.wantsChunks() || told) {
      end();
    } else {
      catchUp();
    }
  }

  private void end() {
    sink.response(response);
    close();
  }

  private void catchUp() {
    if (catchingUp || closed) {
      return;
    }
    if (sink.isFull()) {
      sink.onRoom(this::catchUp);
      return;
    }
    catchingUp = true;
    missed = false;
    long from = stored;
    answers.read(
        storage -> storage.chunks(course, from),
        found -> context.runOnContext(now -> caughtUp(found)));
  }

  private void caughtUp(Optional<StoredAnswers.Chunks> found) {
    catchingUp = false;
    if (closed || found.isEmpty()) {
      return; // away; what is missing is looked for again later
    }
    for (Map<String, Object> chunk : found.get().chunks()) {
      long of = Course.attempt(chunk);
      long seq = Course.seq(chunk);
      if (of >= attempt && follows(of, seq)) {
        write(chunk, of, seq);
      }
    }
    stored = found.get().next();
    if (missed || !found.get().complete()) {
      catchUp();
    } else if (response != null) {
      end();
    }
  }

  /** Looks for what should have come: after an outage nobody sends it once more. */
  private void lookAgain() {
    lastLook = System.nanoTime();
    if (!course.hasResponse()) {
      catchUp();
      return;
    }
    answers.read(
        storage -> storage.response(course.response()),
        found ->
            context.runOnContext(
                now -> {
                  if (!closed && response == null && found.isPresent() && found.get().isPresent()) {
                    response = found.get().get();
                    finish();
                  } else if (!closed && sink.wantsChunks()) {
                    catchUp();
                  }
                }));
  }

  /**
   * From any thread, now and then.
   *
   * @param lookedFor after how long without news something may have been missed
   * @param keptAlive after how long without a word proxies may hang up
   * @param patience how long it may take in all; a run may take its time
   */
  void tick(Duration lookedFor, Duration keptAlive, Duration patience) {
    context.runOnContext(
        tick -> {
          long now = System.nanoTime();
          if (closed || !begun) {
            return;
          }
          if (!Instant.now().isBefore(expires)) {
            sink.problem(HttpProblem.unauthenticated("The credentials of this request have ended"));
            close();
            return;
          }
          if (course.hasResponse() && now - opened > patience.toNanos()) {
            sink.problem(new HttpProblem(504, "timeout", "No answer came in time", true));
            close();
            return;
          }
          if (now - lastWord > keptAlive.toNanos()) {
            lastWord = now;
            sink.keepAlive();
          }
          if (now - lastLook > lookedFor.toNanos()) {
            lookAgain();
          }
        });
  }

  /** On the event loop: whether there is a response, or none is waited for any more. */
  boolean isOver() {
    return response != null;
  }

  /** The client went away: whoever works on its request stops. */
  void cancel() {
    answers.cancel(requestId, Map.of());
  }

  /** Nothing more is written. */
  void close() {
    closed = true;
    answers.closed(this);
  }
}
