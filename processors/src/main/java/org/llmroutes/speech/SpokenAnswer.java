package org.llmroutes.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.turn.AnswerListener;

/**
 * An answer read aloud while it is written: each sentence is spoken once it is complete, a few at
 * the same time, and handed on in order. One that cannot be spoken is left out, and told at the
 * end. Tokens come from one thread, {@link #stopped} from any.
 */
final class SpokenAnswer implements AnswerListener {
  private final Supplier<SentenceCutter> cutters;
  private final Function<String, Audio> voice;
  private final Executor executor;
  private final int parallel;
  private final int maxBytes;
  private final Consumer<SpokenPiece> onPiece;
  private volatile Attempt attempt;
  private volatile long firstPiece;

  /**
   * @param cutters one for each try of the answer
   * @param voice speaks one sentence
   * @param parallel sentences spoken at the same time
   * @param maxBytes of all audio together; what goes beyond is not spoken
   * @param onPiece gets each piece in order, on the thread that spoke it
   */
  SpokenAnswer(
      Supplier<SentenceCutter> cutters,
      Function<String, Audio> voice,
      Executor executor,
      int parallel,
      int maxBytes,
      Consumer<SpokenPiece> onPiece) {
    this.cutters = cutters;
    this.voice = voice;
    this.executor = executor;
    this.parallel = parallel;
    this.maxBytes = maxBytes;
    this.onPiece = onPiece;
    this.attempt = new Attempt();
  }

  /** One try of the answer; what belongs to an earlier one is no longer heard of. */
  private final class Attempt {
    private final SentenceCutter cutter = cutters.get();
    private final InOrder<SpokenPiece> queue = new InOrder<>(executor, parallel, this::take);
    private final Guess first = new Guess(voice, executor);
    private final List<SpokenPiece> pieces = new ArrayList<>();
    private long begun;
    private long ended;
    private int bytes;

    void speak(List<Sentence> sentences) {
      for (Sentence sentence : sentences) {
        if (!sentence.spoken().isEmpty()) {
          begun = begun == 0 ? System.nanoTime() : begun;
          Callable<Audio> sound =
              first.take(sentence.spoken()).orElse(() -> voice.apply(sentence.spoken()));
          queue.add(() -> new SpokenPiece(sentence, sound.call()));
        }
      }
    }

    /** A voice that says one thing at a time says nothing on a guess. */
    void speakAhead() {
      if (begun == 0 && parallel > 1) {
        cutter.likely().ifPresent(first::of);
      }
    }

    void stop() {
      queue.stop();
      first.stop();
    }

    private void take(SpokenPiece piece) {
      bytes += piece.audio().bytes().length;
      if (bytes > maxBytes) {
        throw unavailable("The answer takes more than " + maxBytes + " bytes", null);
      } else if (!pieces.isEmpty() && !pieces.get(0).audio().joins(piece.audio())) {
        throw unavailable("The voice changed its audio format within an answer", null);
      }
      onPiece.accept(piece);
      firstPiece = firstPiece == 0 ? System.nanoTime() : firstPiece;
      synchronized (pieces) {
        pieces.add(piece);
        ended = System.nanoTime();
      }
    }
  }

  @Override
  public void token(String text) {
    attempt.speak(attempt.cutter.add(text));
    attempt.speakAhead();
  }

  @Override
  public void begunAgain() {
    attempt.stop();
    attempt = new Attempt();
  }

  @Override
  public void stopped() {
    attempt.stop();
  }

  @Override
  public int reached() {
    List<SpokenPiece> spoken = pieces();
    return spoken.isEmpty() ? 0 : spoken.get(spoken.size() - 1).sentence().end();
  }

  /**
   * No more tokens come; returns once all is spoken.
   *
   * @throws StepException step {@code tts} where a sentence could not be spoken; others were
   */
  void finish() throws InterruptedException {
    attempt.speak(attempt.cutter.finish());
    try {
      attempt.queue.await();
    } catch (CancellationException e) {
      throw new StepException("tts", ErrorCode.TIMEOUT, "The answer was stopped", e);
    } catch (ExecutionException e) {
      // whatever the service says, the answer is there and can be read
      throw unavailable(String.valueOf(e.getCause().getMessage()), e.getCause());
    }
  }

  private static StepException unavailable(String reason, Throwable cause) {
    return new StepException("tts", ErrorCode.UNAVAILABLE, reason, cause);
  }

  /** What was spoken so far, in order. */
  List<SpokenPiece> pieces() {
    Attempt current = attempt;
    synchronized (current.pieces) {
      return List.copyOf(current.pieces);
    }
  }

  /** Since the first piece was handed on, be it of an attempt that was dropped. */
  long millisSinceFirst() {
    return (System.nanoTime() - firstPiece) / 1_000_000;
  }

  /** From the first sentence being handed to the voice to the last one being spoken. */
  long millis() {
    Attempt current = attempt;
    synchronized (current.pieces) {
      return Math.max(0, current.ended - current.begun) / 1_000_000;
    }
  }
}
