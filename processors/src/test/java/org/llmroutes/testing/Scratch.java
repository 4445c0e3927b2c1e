package org.llmroutes.testing;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmroutes.local.Project;

/** Fresh folders for servers, below the build output. */
public final class Scratch {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Scratch() {}

  public static Path folder(String name) {
    return Project.root()
        .resolve("processors/target/scratch")
        .resolve(ProcessHandle.current().pid() + "-" + COUNT.getAndIncrement() + "-" + name);
  }
}
