package org.llmroutes.speech;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * The first sentence of an answer, spoken before the next one shows that it was one. A guess that
 * was wrong ends, and so does any when it is stopped, taken or not. Safe for concurrent use.
 */
final class Guess {
  private final Function<String, Audio> voice;
  private final Executor executor;
  private String spoken = "";
  private FutureTask<Audio> task = new FutureTask<>(() -> null);
  private boolean stopped;

  Guess(Function<String, Audio> voice, Executor executor) {
    this.voice = voice;
    this.executor = executor;
  }

  /** Speaks the sentence in place of the one before. */
  synchronized void of(String sentence) {
    if (!stopped && !sentence.equals(spoken)) {
      drop();
      spoken = sentence;
      task = new FutureTask<>(() -> voice.apply(sentence));
      executor.execute(task);
    }
  }

  /** How the sentence sounds, where it is the one that was guessed; it is asked for once. */
  synchronized Optional<Callable<Audio>> take(String sentence) {
    if (!sentence.equals(spoken)) {
      drop();
      return Optional.empty();
    }
    spoken = "";
    FutureTask<Audio> made = task;
    return Optional.of(() -> await(made));
  }

  /** Ends a guess that nobody has taken. */
  private void drop() {
    if (!spoken.isEmpty()) {
      spoken = "";
      task.cancel(true);
    }
  }

  private static Audio await(FutureTask<Audio> made) throws Exception {
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Interrupts what runs; nothing is guessed any more. */
  synchronized void stop() {
    stopped = true;
    task.cancel(true);
  }
}
