package org.llmroutes.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has none to seven turns of a conversation, each time one more, and keeps nothing.
 *
 * @see <a href="https://valkey.io/topics/protocol/">Valkey serialization protocol</a>
 */
final class StandInValkey extends LoopbackServer {
  private static final String TURN =
      "{\"question\":\"Who is there?\",\"answer\":\"Nobody.\",\"cancelled\":false}";
  private static final int LENGTHS = 8;

  private final AtomicInteger reads = new AtomicInteger();

  StandInValkey() throws IOException {}

  @Override
  void serve(InputStream in, OutputStream out) throws IOException {
    while (true) {
      String[] command = new String[Integer.parseInt(line(in).substring(1))];
      for (int i = 0; i < command.length; i++) {
        int length = Integer.parseInt(line(in).substring(1));
        command[i] = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        in.readNBytes(2);
      }
      out.write(answer(command).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private String answer(String... command) {
    return switch (command[0]) {
      case "PING" -> "+PONG\r\n";
      case "EVAL", "EVALSHA" ->
          // reading has one argument behind its keys, writing has more
          command.length == 4 + Integer.parseInt(command[2])
              ? history(reads.getAndIncrement() % LENGTHS)
              : ":1\r\n";
      default -> "+OK\r\n";
    };
  }

  private static String history(int turns) {
    return "*" + turns + "\r\n" + ("$" + TURN.length() + "\r\n" + TURN + "\r\n").repeat(turns);
  }
}
