package org.llmroutes.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.TargetDataLine;

/** Records what is said, as Whisper likes it: 16 kHz, mono, 16 bits. */
final class Microphone {
  private static final AudioFormat FORMAT = new AudioFormat(16_000, 16, 1, true, false);

  private Microphone() {}

  /** Records until the user presses Enter, or the input ends; a WAV file. */
  static byte[] record() throws IOException, InterruptedException {
    ByteArrayOutputStream samples = new ByteArrayOutputStream();
    try (TargetDataLine line = AudioSystem.getTargetDataLine(FORMAT)) {
      line.open(FORMAT);
      line.start();
      System.err.println("Speak now; Enter ends the recording.");
      AtomicBoolean recording = new AtomicBoolean(true);
      Thread taking =
          new Thread(
              () -> {
                byte[] buffer = new byte[3200];
                while (recording.get()) {
                  samples.write(buffer, 0, line.read(buffer, 0, buffer.length));
                }
              });
      taking.start();
      int key = System.in.read();
      while (key >= 0 && key != '\n') {
        key = System.in.read();
      }
      recording.set(false);
      taking.join();
    } catch (LineUnavailableException | IllegalArgumentException e) {
      throw new CommandFailure("There is no microphone here; name a FILE instead", e);
    }
    return wav(samples.toByteArray());
  }

  private static byte[] wav(byte[] samples) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    AudioSystem.write(
        new AudioInputStream(
            new ByteArrayInputStream(samples), FORMAT, samples.length / FORMAT.getFrameSize()),
        AudioFileFormat.Type.WAVE,
        file);
    return file.toByteArray();
  }
}
