package org.llmroutes.local;

import java.nio.file.Path;
import java.util.List;

/** Milvus Lite, the vendor's embedded Milvus, as a gRPC server. */
public final class MilvusLite extends LocalServer {

  public MilvusLite(Path data, int wishedPort) {
    super("milvus-lite", data, wishedPort);
  }

  @Override
  protected List<String> command() {
    return List.of(
        Project.installed("bin/milvus-lite").toString(),
        "server",
        "--data-dir",
        data().resolve("milvus").toString(),
        "--host",
        host(),
        "--port",
        Integer.toString(port()));
  }

  public String host() {
    return "127.0.0.1";
  }
}
