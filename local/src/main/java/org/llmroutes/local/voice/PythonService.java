package org.llmroutes.local.voice;

import java.nio.file.Path;
import java.util.List;
import org.llmroutes.local.LocalServer;
import org.llmroutes.local.Project;

/** A speech service of {@code local/src/main/python}, which listens once its model is loaded. */
public abstract class PythonService extends LocalServer {
  private final String script;

  PythonService(String name, String script, Path data, int wishedPort) {
    super(name, data, wishedPort);
    this.script = script;
  }

  @Override
  protected final List<String> command() {
    return List.of(
        Project.installed("voice", "bin/python").toString(),
        "-B",
        Project.root().resolve("local/src/main/python").resolve(script).toString(),
        Integer.toString(port()));
  }

  public final String url() {
    return "http://127.0.0.1:" + port();
  }
}
