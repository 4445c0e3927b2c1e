package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** An answer spoken by a voice that hangs, fails and changes as the test says. */
@Timeout(20)
class SpokenAnswerTest {
  private static final String ONE = "This is the first sentence.";
  private static final String TWO = "This is the second one.";
  private static final String THREE = "This is the third one.";
  private static final String FOUR = "This is the fourth one.";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> pieces = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> interrupted = new CopyOnWriteArrayList<>();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, String> waitingFor = new ConcurrentHashMap<>();
  private final Map<String, Audio> sounds = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private SpokenAnswer answer(int parallel) {
    return new SpokenAnswer(
        () -> new SentenceCutter(240, ""),
        this::speak,
        threads,
        parallel,
        1_000_000,
        piece -> pieces.add(piece.sentence().spoken()));
  }

  private Audio speak(String text) {
    asked.add(text);
    if (waitingFor.containsKey(text)) {
      await().until(() -> asked.contains(waitingFor.get(text)));
    }
    if (hanging.contains(text)) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.add(text);
        throw new IllegalStateException(e);
      }
    } else if (failing.contains(text)) {
      throw new StepException("tts", ErrorCode.UNAVAILABLE, "no " + text, null);
    }
    return sounds.getOrDefault(text, new Audio(Sounds.tone(0.1, 0.3).bytes(), AudioFormat.WAV));
  }

  /** A turn may be cancelled at any moment of its first sentence. */
  @ParameterizedTest
  @CsvSource({"'This is the first sentence.'", "'This is the first sentence. This is'"})
  void aStopEndsTheFirstSentenceToo(String written) {
    hanging.add(ONE);
    SpokenAnswer answer = answer(2);
    answer.token(written);
    await().until(() -> asked.contains(ONE));

    answer.stopped();

    await().untilAsserted(() -> assertThat(interrupted).containsExactly(ONE));
    assertThat(asked).containsExactly(ONE);
  }

  @Test
  void nothingIsAskedForAfterAStop() {
    SpokenAnswer answer = answer(2);
    answer.stopped();
    answer.token(ONE);
    answer.token(" " + TWO + " " + THREE);
    assertThatExceptionOfType(StepException.class).isThrownBy(answer::finish);
    assertThat(asked).isEmpty();
  }

  @Test
  void aSentenceThatFailsIsLeftOutAndTold() {
    failing.add(TWO);
    SpokenAnswer answer = answer(2);
    answer.token(String.join(" ", ONE, TWO, THREE, FOUR));

    assertThatExceptionOfType(StepException.class)
        .isThrownBy(answer::finish)
        .withMessageContaining("no " + TWO);
    assertThat(pieces).containsExactly(ONE, THREE, FOUR);
    assertThat(answer.pieces()).hasSize(3);
  }

  @Test
  void twoInARowEndIt() {
    failing.addAll(List.of(TWO, THREE));
    SpokenAnswer answer = answer(1);
    answer.token(String.join(" ", ONE, TWO, THREE, FOUR));

    assertThatExceptionOfType(StepException.class).isThrownBy(answer::finish);
    assertThat(pieces).containsExactly(ONE);
    assertThat(asked).doesNotContain(FOUR);
  }

  @Test
  void aVoiceThatSaysOneThingAtATimeIsNotAskedOnAGuess() throws Exception {
    SpokenAnswer answer = answer(1);
    answer.token(ONE);
    assertThat(asked).isEmpty();
    answer.token(" " + TWO);
    answer.finish();
    assertThat(asked).containsExactly(ONE, TWO);
  }

  @Test
  void aGuessThatIsRightIsAskedForOnce() throws Exception {
    waitingFor.put(ONE, TWO);
    SpokenAnswer answer = answer(2);
    answer.token(ONE);
    await().until(() -> asked.contains(ONE));
    answer.token(" " + TWO);
    answer.finish();
    assertThat(new ArrayList<>(asked)).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(pieces).containsExactly(ONE, TWO);
  }

  @Test
  void aVoiceThatChangesItsRateIsOneFileAllTheSame() throws Exception {
    Wav fast = new Wav(new WavFormat(WavFormat.INTEGER, 2, 48_000, 16), new byte[4 * 48_000]);
    sounds.put(TWO, new Audio(fast.bytes(), AudioFormat.WAV));
    SpokenAnswer answer = answer(2);
    answer.token(ONE + " " + TWO);
    answer.finish();

    Audio whole = Audio.join(answer.pieces().stream().map(SpokenPiece::audio).toList());
    assertThat(whole.sampleRate()).hasValue(Sounds.RATE);
    assertThat(whole.sound().orElseThrow().duration().toMillis()).isBetween(1090L, 1110L);
  }
}
