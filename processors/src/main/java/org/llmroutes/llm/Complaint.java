package org.llmroutes.llm;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llmroutes.http.ErrorAnswer;

/** What a service refuses a request for that can be asked in another way, read from its words. */
enum Complaint {
  NO_STREAM_OPTIONS(saying("stream_options|include_usage")),
  OTHER_TOKEN_LIMIT(saying("max_completion_tokens\\W{0,5} instead")),
  PROMPT_TOO_LONG(ErrorAnswer::isTooLong),
  NO_SYSTEM_ROLE(
      saying(
          "system.{0,30}\\brole|\\brole.{0,30}system|system (?:message|prompt|instruction)s?.{0,40}not"
              + "|developer instruction|roles? must alternate|only user and assistant")),
  NO_TEMPERATURE(
      saying(
          "temperature.{0,80}(?:support|default|permitted|extra|allowed|deprecated"
              + "|un(?:known|recogni|expected))"
              + "|(?:unsupported|unknown|unrecogni[sz]ed|unexpected|extra).{0,80}temperature")),
  CANNOT_CHAT(
      saying(
          "(?:not|n't) support.{0,40}(?:chat|generat|completion)|not a chat model"
              + "|(?:no|without a?) chat.?template|embedding model|reranker model")),
  NO_SUCH_MODEL(
      saying(
          "model.{0,120}(?:not (?:exist|found|available|loaded|served|installed|configured)|n't exist"
              + "|unknown|unavailable|no longer)|(?:no such|unknown|invalid|no|not find) model")),
  NO_PRIORITY(saying("priority"));

  private final Predicate<ErrorAnswer> sign;

  Complaint(Predicate<ErrorAnswer> sign) {
    this.sign = sign;
  }

  private static Predicate<ErrorAnswer> saying(String words) {
    Pattern pattern = Pattern.compile("(?s)" + words);
    return error -> pattern.matcher(error.text()).find();
  }

  /** What the error complains of, where it is known and can be met. */
  static Optional<Complaint> of(ErrorAnswer error) {
    return switch (error.status()) {
      case 404 -> Optional.of(CANNOT_CHAT.sign.test(error) ? CANNOT_CHAT : NO_SUCH_MODEL);
      case 400, 422 -> found(error, values());
      // as llama.cpp now and then answers to what is wrong with a prompt
      case 413, 500 -> found(error, PROMPT_TOO_LONG, NO_SYSTEM_ROLE);
      default -> Optional.empty();
    };
  }

  private static Optional<Complaint> found(ErrorAnswer error, Complaint... possible) {
    return Stream.of(possible).filter(complaint -> complaint.sign.test(error)).findFirst();
  }
}
