package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last two questions of a conversation whose last one is to be rewritten, as {@code
 * config/prompts/rewrite.mustache} asks for it.
 *
 * @param before empty where there is none
 */
record FollowUp(String before, String question) {
  private static final String ASKED_FOR = "Rewritten question:";
  private static final Pattern ENTRY =
      Pattern.compile("(?ms)^(user|assistant): (.*?)(?=^(?:user|assistant): |\\Z)");
  private static final Pattern LEANS_ON_WHAT_WAS_SAID =
      Pattern.compile(
          "(?i)^(and|but|or|then|also|why|what about|how about)\\b|\\b(it|its|that|this|these|those|them|they|one|there|again)\\b");

  /** A shorter question says too little to be searched for alone. */
  private static final int WORDS = 4;

  /** Empty where no rewriting is asked for. */
  static Optional<FollowUp> in(JsonNode messages) {
    String prompt = messages.path(messages.size() - 1).path("content").asText().strip();
    if (!prompt.endsWith(ASKED_FOR)) {
      return Optional.empty();
    }
    String before = "";
    String question = "";
    Matcher entry = ENTRY.matcher(prompt.substring(0, prompt.length() - ASKED_FOR.length()));
    while (entry.find()) {
      if ("user".equals(entry.group(1))) {
        before = question;
        question = entry.group(2).strip();
      }
    }
    return Optional.of(new FollowUp(before, question));
  }

  /** A small model would invent; the question before it says what a follow-up is about. */
  String standingAlone() {
    boolean leans =
        question.split("\\s+").length < WORDS || LEANS_ON_WHAT_WAS_SAID.matcher(question).find();
    return before.isEmpty() || !leans ? question : before + " " + question;
  }
}
