package org.llmroutes.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Has one turn of every conversation and keeps nothing.
 *
 * @see <a href="https://valkey.io/topics/protocol/">Valkey serialization protocol</a>
 */
final class StandInValkey extends LoopbackServer {
  private static final String TURN =
      "{\"question\":\"Who is there?\",\"answer\":\"Nobody.\",\"cancelled\":false}";

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

  private static String answer(String... command) {
    return switch (command[0]) {
      case "PING" -> "+PONG\r\n";
      case "EVAL", "EVALSHA" ->
          // reading has one argument behind its keys, writing has more
          command.length == 4 + Integer.parseInt(command[2])
              ? "*1\r\n$" + TURN.length() + "\r\n" + TURN + "\r\n"
              : ":1\r\n";
      default -> "+OK\r\n";
    };
  }
}
