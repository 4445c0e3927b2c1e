package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.progress.Progress;

/** Whatever happens while a file is read, it happens to that file. */
class ReadingTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private volatile boolean cancelled;
  private final Progress progress =
      new Progress() {
        @Override
        public void advanced(long done, long total) {
          // nobody watches
        }

        @Override
        public boolean cancelled() {
          return cancelled;
        }
      };

  @Test
  void aFileThatNeedsTooMuchMemoryIsNamed() {
    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> new Reading(LONG, progress).of(() -> new long[Integer.MAX_VALUE][9999]))
        .withMessageStartingWith("needs more memory than the");
  }

  @Test
  void aFileThatNestsWithoutEndIsNamed() {
    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> new Reading(LONG, progress).of(() -> endless(0)))
        .withMessage("is nested too deeply to be read");
  }

  private static int endless(int depth) {
    return endless(depth + 1) + depth;
  }

  @Test
  void aFileThatTakesTooLongIsNamedAndLeftAlone() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> new Reading(Duration.ofMillis(1), progress).of(() -> waited(never)))
        .withMessageStartingWith("takes longer than");
  }

  @Test
  void aCancelIsHeardWhileAFileIsRead() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                new Reading(LONG, progress)
                    .of(
                        () -> {
                          cancelled = true;
                          return waited(never);
                        }));
  }

  private static boolean waited(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return true;
  }

  /** Thousands of levels, as machines write them, end no other file. */
  @ParameterizedTest
  @CsvSource({
    "HTML, <div>, 100000",
    "MARKDOWN, '> ', 20000",
    "MARKDOWN, '- ', 5000",
    "MARKDOWN, '[', 50000"
  })
  void deepNestingIsReadOrRefused(DocumentFormat format, String level, int levels) {
    byte[] content = (level.repeat(levels) + "heron").getBytes(StandardCharsets.UTF_8);

    try {
      ParsedDocument parsed = new Reading(LONG, progress).of(() -> format.parse("deep", content));
      assertThat(parsed.sections().toString()).contains("heron");
    } catch (InvalidDocument e) {
      assertThat(e).hasMessageMatching("(is nested too deeply|takes longer|cannot be parsed).*");
    }
  }
}
