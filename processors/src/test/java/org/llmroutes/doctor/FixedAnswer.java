package org.llmroutes.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that answers every connection with the same bytes, as no library would write them. */
final class FixedAnswer implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] answer;

  /**
   * @param answer written once something was received; null hangs
   */
  FixedAnswer(String answer) {
    this.answer = answer == null ? null : answer.getBytes(StandardCharsets.ISO_8859_1);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::serve);
  }

  /** One of HTTP, closed at its end. */
  static FixedAnswer http(String head, String body) {
    return new FixedAnswer("HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n" + body);
  }

  private void serve() {
    try {
      while (true) {
        Socket client = server.accept();
        start(() -> answer(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void answer(Socket client) {
    try {
      if (answer != null) {
        client.getInputStream().read(new byte[65_536]);
        client.getOutputStream().write(answer);
        client.close();
      }
    } catch (IOException e) {
      // hung up on
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fixed-answer");
    thread.setDaemon(true);
    thread.start();
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
