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

  private final int server;
  private final ServerSocket plug;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
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
        String text = before + new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        Matcher write = WRITE.matcher(text);
        int seen = 0;
        while (counting && write.find(seen)) {
          if (writesLeft.getAndDecrement() == 0) {
            out.write(buffer, 0, Math.max(0, write.start() - before.length()));
            out.flush();
            cut();
            return;
          }
          seen = write.end();
        }
        out.write(buffer, 0, read);
        out.flush();
        before = text.substring(Math.max(seen, text.length() - LONGEST_WRITE));
      }
    } catch (IOException e) {
      // cut, or closed by one of the two
    }
    closeQuietly(from);
    closeQuietly(to);
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
