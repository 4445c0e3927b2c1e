package org.llmroutes.pipelines.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** The folder below which runs read and write; neither {@code ..} nor a link leads out of it. */
record AllowedFolder(Path root) {

  /**
   * @throws IllegalArgumentException where there is no such folder
   */
  static AllowedFolder of(Path folder) {
    try {
      return new AllowedFolder(folder.toRealPath());
    } catch (IOException e) {
      throw new IllegalArgumentException("pipelines.local.root names no folder: " + folder, e);
    }
  }

  /**
   * A file or folder that is there.
   *
   * @throws TurnException {@code rejected}, also for what is outside
   */
  Path existing(String parameter, String name) {
    Path path = inside(parameter, name);
    if (!Files.exists(path)) {
      throw rejected(parameter + ": there is no file or folder " + name);
    }
    return path;
  }

  /**
   * A file that may be there or not yet.
   *
   * @throws TurnException {@code rejected} for what is outside
   */
  Path inside(String parameter, String name) {
    try {
      Path path = root.resolve(name).normalize();
      Path there = path;
      while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
        there = there.getParent();
      }
      if (path.startsWith(root) && there.toRealPath().startsWith(root)) {
        return path;
      }
    } catch (IOException | IllegalArgumentException e) {
      // said below: what cannot be followed is not known to be inside
    }
    throw rejected(
        parameter
            + ": the local engine reads and writes files below one folder only, by paths relative to"
            + " it; "
            + name
            + " is not below it");
  }

  static TurnException rejected(String message) {
    return new TurnException(ErrorCode.REJECTED, message);
  }
}
