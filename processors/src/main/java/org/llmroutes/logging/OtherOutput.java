package org.llmroutes.logging;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Brings into the log what does not use it. */
public final class OtherOutput {
  private static final int LONGEST = 64 * 1024;

  private OtherOutput() {}

  /** What libraries tell java.util.logging, which else writes in two lines of its own. */
  public static void bridge() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Also what is printed, and what ends threads, so that there are no other lines. */
  public static void capture() {
    Logger out = LoggerFactory.getLogger("stdout");
    Logger err = LoggerFactory.getLogger("stderr");
    System.setOut(lines(out::info));
    System.setErr(lines(err::warn));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> err.error("Thread {} ended", thread.getName(), failure));
  }

  static PrintStream lines(Consumer<String> log) {
    return new PrintStream(new Lines(log), true, StandardCharsets.UTF_8);
  }

  /** Bytes that become an event a line. */
  private static final class Lines extends OutputStream {
    private final Consumer<String> log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Consumer<String> log) {
      this.log = log;
    }

    @Override
    public synchronized void write(int b) {
      if (b == '\n' || line.size() >= LONGEST) {
        tell();
      }
      if (b != '\n') {
        line.write(b);
      }
    }

    @Override
    public synchronized void close() {
      tell();
    }

    private void tell() {
      String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
      line.reset();
      if (!text.isEmpty()) {
        log.accept(text);
      }
    }
  }
}
