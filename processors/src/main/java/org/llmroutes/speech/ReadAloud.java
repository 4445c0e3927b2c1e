package org.llmroutes.speech;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.llmroutes.http.Deadline;
import org.llmroutes.http.PerTaskThreads;

/**
 * A text read aloud sentence by sentence: while one is listened to, the next ones are spoken. For
 * one caller; closing it speaks no further.
 */
public final class ReadAloud implements AutoCloseable {
  private static final Executor THREADS = PerTaskThreads.executor();

  private final TextToSpeech service;
  private final Utterance utterance;
  private final Deadline deadline;
  private final int ahead;
  private final Iterator<String> sentences;
  private final Deque<FutureTask<Audio>> speaking = new ArrayDeque<>();

  /**
   * @param whole all that is to be said, and how
   * @param ahead sentences spoken at the same time, where the service takes so many
   */
  public ReadAloud(TextToSpeech service, Utterance whole, int ahead, Deadline deadline) {
    this.service = service;
    this.utterance = whole;
    this.deadline = deadline;
    this.ahead = Math.min(ahead, service.atOnce());
    SentenceCutter cutter = new SentenceCutter(service.longest(whole.language()), whole.language());
    this.sentences =
        Stream.concat(cutter.add(whole.text()).stream(), cutter.finish().stream())
            .map(Sentence::spoken)
            .filter(sentence -> !sentence.isEmpty())
            .toList()
            .iterator();
  }

  /**
   * The next sentence, once it is spoken; empty after the last.
   *
   * @throws org.llmroutes.errors.StepException step {@code tts}
   */
  public Optional<Audio> next() throws InterruptedException {
    while (speaking.size() < ahead && sentences.hasNext()) {
      String sentence = sentences.next();
      FutureTask<Audio> task = new FutureTask<>(() -> speak(sentence));
      speaking.add(task);
      THREADS.execute(task);
    }
    if (speaking.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(speaking.poll().get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  private Audio speak(String sentence) {
    return service.speak(
        new Utterance(sentence, utterance.voice(), utterance.language(), utterance.format()),
        deadline);
  }

  /** Whether {@link #next} has something more to give. */
  public boolean hasNext() {
    return !speaking.isEmpty() || sentences.hasNext();
  }

  @Override
  public void close() {
    speaking.forEach(task -> task.cancel(true));
  }
}
