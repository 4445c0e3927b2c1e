package org.llmroutes.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays WAV files one after the other, where this machine has a sound device. */
final class Speaker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Speaker.class);

  private final ExecutorService playing = Executors.newSingleThreadExecutor();
  private volatile boolean silent;

  /** Plays the file after those before it; returns at once. */
  void play(byte[] wav) {
    playing.execute(
        () -> {
          try (AudioInputStream sound =
                  AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav));
              SourceDataLine line = AudioSystem.getSourceDataLine(sound.getFormat())) {
            play(sound, line, sound.getFormat());
          } catch (IOException
              | LineUnavailableException
              | UnsupportedAudioFileException
              | IllegalArgumentException e) {
            silent = true;
            LOG.debug("Not played", e);
          }
        });
  }

  private static void play(AudioInputStream sound, SourceDataLine line, AudioFormat format)
      throws IOException, LineUnavailableException {
    line.open(format);
    line.start();
    byte[] buffer = new byte[format.getFrameSize() * 1024];
    for (int read = sound.read(buffer); read > 0; read = sound.read(buffer)) {
      line.write(buffer, 0, read);
    }
    line.drain();
  }

  /** Waits until all was played; whether it was. */
  boolean finish() throws InterruptedException {
    playing.shutdown();
    return playing.awaitTermination(10, TimeUnit.MINUTES) && !silent;
  }

  @Override
  public void close() {
    playing.shutdownNow();
  }
}
