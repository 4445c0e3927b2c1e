package org.llmroutes.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What connects an instance with NATS. Cut, the instance is as good as killed for everybody else,
 * at exactly the chosen one of the writes by which it leaves traces.
 */
final class Cable implements AutoCloseable {
  /** As the NATS protocol has them. */
  private static final Pattern WRITE =
      Pattern.compile(
          "PUB (\\$KV\\.(?:pipeline-runs|turns)|ai\\.(?:pipeline\\.status|dlq|chat\\.user)|\\$JS\\.ACK\\.AI_PIPELINE)");

  private static final int LONGEST_WRITE = 64;

  private static final Pattern LEDGER =
      Pattern.compile(
          "H?PUB \\$(?:JS\\.API\\.\\S+\\.KV_|KV\\.)turns\\S* \\S+ (?:\\d+ )?(\\d+)\r\n");

  private final int server;
  private final ServerSocket plug;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicReference<Runnable> held = new AtomicReference<>();
  private volatile boolean holding;
  private volatile boolean cut;

  Cable(int server) {
    this.server = server;
    try {
      plug = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::connect);
  }

  String url() {
    return "nats://127.0.0.1:" + plug.getLocalPort();
  }

  /** Lets so many writes through and is cut before the next. */
  void cutAfter(int writes) {
    writesLeft.set(writes);
  }

  /** Keeps the next read or write of what is known of a turn back, and nothing else. */
  void holdLedger() {
    holding = true;
  }

  boolean isHolding() {
    return held.get() != null;
  }

  /** Lets it through. */
  void release() {
    held.getAndSet(null).run();
  }

  boolean isCut() {
    return cut;
  }

  void cut() {
    cut = true;
    sockets.forEach(Cable::closeQuietly);
    sockets.clear();
  }

  /** Makes it whole. */
  void mend() {
    writesLeft.set(Integer.MAX_VALUE);
    cut = false;
  }

  /** Whoever connects while it is cut is hung up on. */
  private void connect() {
    try {
      while (true) {
        Socket client = plug.accept();
        Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.add(client);
        sockets.add(upstream);
        if (cut) {
          cut();
        } else {
          start(() -> relay(upstream, client, false));
          start(() -> relay(client, upstream, true));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void relay(Socket from, Socket to, boolean counting) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[65536];
      String before = "";
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String fresh = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        String text = before + fresh;
        Matcher write = WRITE.matcher(text);
        int seen = 0;
        while (counting && write.find(seen)) {
          if (writesLeft.getAndDecrement() == 0) {
            write(out, buffer, 0, Math.max(0, write.start() - before.length()));
            cut();
            return;
          }
          seen = write.end();
        }
        Matcher ledger = LEDGER.matcher(fresh);
        if (counting && holding && ledger.find()) {
          hold(out, fresh, ledger);
        } else {
          write(out, buffer, 0, read);
        }
        before = text.substring(Math.max(seen, text.length() - LONGEST_WRITE));
      }
    } catch (IOException e) {
      // cut, or closed by one of the two
    }
    closeQuietly(from);
    closeQuietly(to);
  }

  /** Writes what was read without the message that is kept back. */
  private void hold(OutputStream out, String read, Matcher message) throws IOException {
    int start = message.start();
    int end = message.end() + Integer.parseInt(message.group(1)) + "\r\n".length();
    byte[] kept = bytes(read.substring(start, end));
    byte[] others = bytes(read.substring(0, start) + read.substring(end));
    holding = false;
    write(out, others, 0, others.length);
    held.set(
        () -> {
          try {
            write(out, kept, 0, kept.length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void write(OutputStream out, byte[] bytes, int from, int length)
      throws IOException {
    synchronized (out) {
      out.write(bytes, from, length);
      out.flush();
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "cable");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    cut();
    closeQuietly(plug);
  }
}
