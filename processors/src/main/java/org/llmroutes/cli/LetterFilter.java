package org.llmroutes.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.llmroutes.deadletters.Selection;
import org.llmroutes.errors.ErrorCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select dead letters by what they are. */
final class LetterFilter {
  private static final List<String> FAMILIES = List.of("chat", "voice", "pipeline");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private String family;
  private String code;

  @Option(names = "--family", description = "Only those of chat, voice or pipeline")
  void family(String name) {
    require(FAMILIES.contains(name), "--family is one of " + String.join(", ", FAMILIES));
    family = name;
  }

  @Option(names = "--code", description = "Only those with this error code, for instance rejected")
  void code(String name) {
    List<String> codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::wire).toList();
    require(codes.contains(name), "--code is one of " + String.join(", ", codes));
    code = name;
  }

  boolean isGiven() {
    return family != null || code != null;
  }

  /**
   * @param before only letters stored before then, or null for any time
   */
  Selection selection(Instant before) {
    return new Selection(family, code, before);
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
