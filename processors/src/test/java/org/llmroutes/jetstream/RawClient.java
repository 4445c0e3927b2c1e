package org.llmroutes.jetstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Publishes over a bare socket what no client library would. */
final class RawClient {
  private RawClient() {}

  /**
   * @param headers the header block, its first line {@code NATS/1.0} included; an empty line ends
   *     it
   */
  static void publish(int port, String subject, String headers, String body) throws IOException {
    byte[] head = headers.getBytes(StandardCharsets.UTF_8);
    byte[] payload = body.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      say(out, "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}");
      say(out, "HPUB " + subject + " " + head.length + " " + (head.length + payload.length));
      out.write(head);
      out.write(payload);
      say(out, "");
      say(out, "PING");
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = in.readLine(); !"PONG".equals(line); line = in.readLine()) {
        if (line == null || line.startsWith("-ERR")) {
          throw new IOException("The server answered " + line);
        }
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
