package org.llmroutes.local.ai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.local.ai.PromptSources.Source;

/**
 * The numbered sources in a prompt, as {@code config/prompts/chat.mustache} writes them into the
 * system message: a line {@code [1] title}, then the text.
 *
 * @param sources in their order; empty where the prompt asks for an answer from sources and has
 *     none
 */
record PromptSources(List<Source> sources) {
  private static final String ABOVE = " > ";
  private static final Pattern PAGE = Pattern.compile(", page \\d+$");
  private static final String ASKED_FOR = "numbered sources";
  private static final Pattern HEAD = Pattern.compile("(?m)^\\[(\\d+)] (.*)\\n");

  record Source(int n, String title, String text) {

    /** The text without the heading that it begins with, which the title ends with. */
    String body() {
      int above = title.lastIndexOf(ABOVE);
      String heading =
          PAGE.matcher(above < 0 ? title : title.substring(above + ABOVE.length()))
              .replaceFirst("");
      String body =
          !heading.isEmpty() && text.startsWith(heading + "\n")
              ? text.substring(heading.length())
              : text;
      return body.strip();
    }
  }

  /** Empty where the answer shall not come from sources. */
  static Optional<PromptSources> in(JsonNode messages) {
    for (JsonNode message : messages) {
      String content = message.path("content").asText();
      if ("system".equals(message.path("role").asText()) && content.contains(ASKED_FOR)) {
        return Optional.of(new PromptSources(read(content)));
      }
    }
    return Optional.empty();
  }

  /** A line of a text can look like the head of a source, but not with the number that is next. */
  private static List<Source> read(String prompt) {
    List<Source> sources = new ArrayList<>();
    Matcher head = HEAD.matcher(prompt);
    String title = null;
    int textStart = 0;
    while (head.find()) {
      if (!head.group(1).equals(Integer.toString(sources.size() + (title == null ? 1 : 2)))) {
        continue;
      }
      if (title != null) {
        sources.add(source(sources.size() + 1, title, prompt.substring(textStart, head.start())));
      }
      title = head.group(2).strip();
      textStart = head.end();
    }
    if (title != null) {
      sources.add(source(sources.size() + 1, title, prompt.substring(textStart)));
    }
    return sources;
  }

  private static Source source(int n, String title, String text) {
    return new Source(n, title, text.strip());
  }
}
