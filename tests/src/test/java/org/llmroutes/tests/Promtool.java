package org.llmroutes.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The checks that come with Prometheus, where the machine has it. */
final class Promtool {
  static final String MISSING = "Prometheus is not installed: apt-get install prometheus";

  private Promtool() {}

  static boolean isInstalled() {
    try {
      return run(List.of("promtool", "--version"), "").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs {@code promtool check WHAT}.
   *
   * @return what it found fault with; empty for nothing
   */
  static String check(String what, String input) throws IOException {
    return run(List.of("promtool", "check", what), input);
  }

  /** Runs {@code promtool ARGUMENTS}; what it said where it failed, empty where all is well. */
  static String run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    return run(command, "");
  }

  private static String run(List<String> command, String input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return process.waitFor() == 0 ? "" : said;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
