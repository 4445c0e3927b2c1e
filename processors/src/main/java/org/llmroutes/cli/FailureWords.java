package org.llmroutes.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** What a user is told of a failure, where its own message would not do. */
final class FailureWords {
  private static final Logger LOG = LoggerFactory.getLogger(FailureWords.class);

  private FailureWords() {}

  /**
   * Prints why a command failed, and writes it in the summary.
   *
   * @return the exit code
   */
  static int tell(String command, Exception failure) {
    LOG.debug("{} failed", command, failure);
    String words = of(failure);
    System.err.println(command + ": " + words);
    SummaryFile.write(words);
    return CommandLine.ExitCode.SOFTWARE;
  }

  static String of(Exception failure) {
    if (failure instanceof NoSuchFileException file) {
      return "There is no file " + file.getFile();
    } else if (failure instanceof AccessDeniedException file) {
      return file.getFile() + " may not be read or written";
    } else if (failure instanceof FileSystemException file) {
      return file.getFile() + ": " + (file.getReason() == null ? "no such file" : file.getReason());
    }
    String message = String.valueOf(failure.getMessage());
    if (message.contains("503 No Responders")) {
      return "./dev setup creates what is missing: NATS has no stream for this";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : message;
  }
}
