package org.llmroutes.tests;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection on which anything can be sent, be it HTTP or not. */
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int SMALL = 4096;

  private final Socket socket = new Socket();
  private final InputStream in;

  RawHttp(int port) throws IOException {
    socket.setReceiveBufferSize(SMALL);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request line with a Host header and others, each ended by a newline. */
  RawHttp request(String line, String... headers) throws IOException {
    StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return send(text + "\r\n");
  }

  RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Whether one more byte could be sent; a closed connection says so only to the second one. */
  boolean takes(String text) {
    try {
      send(text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The next line without its end; null where the server has closed the connection. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          return line.isEmpty() ? null : line.toString();
        }
        line.append((char) next);
      }
    } catch (SocketException e) {
      return null;
    }
    return line.toString().strip();
  }

  /** The status of the answer. */
  int status() throws IOException {
    String line = line();
    return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
  }

  /** All that comes until the server closes the connection. */
  String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String line = line(); line != null; line = line()) {
      rest.append(line).append('\n');
    }
    return rest.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
