package org.llmroutes.rehearsal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server of this process that no other machine reaches, with a thread for every connection. */
abstract class LoopbackServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  LoopbackServer() throws IOException {
    listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  /** Answers one client until it leaves. */
  abstract void serve(InputStream in, OutputStream out) throws IOException;

  /** For instance {@code 127.0.0.1:42111}. */
  final String address() {
    return listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        run(() -> serve(socket));
      }
    } catch (IOException e) {
      open.forEach(LoopbackServer::end);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      serve(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException e) {
      // the client has left
      return;
    }
  }

  private void run(Runnable work) {
    Thread thread = new Thread(work, "rehearsal-" + getClass().getSimpleName());
    thread.setDaemon(true);
    thread.start();
  }

  /** The next line without CR and LF. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static void end(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      // it is gone either way
      return;
    }
  }

  @Override
  public void close() {
    end(listening);
    open.forEach(LoopbackServer::end);
  }
}
