package org.llmroutes.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An error in a service's own words, be it an HTTP response, an event of a stream or a body that
 * came with HTTP 200. It is the cause of the {@link org.llmroutes.errors.StepException} that says
 * what it means.
 */
public final class ErrorAnswer extends Exception {
  private static final long serialVersionUID = 1;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_REASON = 300;
  private static final String[] MESSAGES = {
    "/error/message",
    "/error/detail",
    "/message",
    "/message/detail",
    "/error",
    "/detail",
    "/error_message",
    "/msg",
    "/errors"
  };
  private static final String[] STATUSES = {
    "/error/code", "/error/status", "/error/status_code", "/code", "/status", "/status_code"
  };
  private static final String[] KINDS = {"/error/type", "/error/code", "/type", "/error_type"};

  private static final Pattern CREDENTIALS =
      Pattern.compile("authenticat|unauthori[sz]ed|api_?key|permission");
  private static final Pattern PASSES =
      Pattern.compile("rate_?limit|too_?many|overload|quota|unavailable|timeout|server_?error");
  private static final Pattern MISSING = Pattern.compile("not_?found");
  private static final Pattern REFUSED =
      Pattern.compile("invalid|bad_?request|validation|context|unprocessable|unsupported");

  /** Request Timeout, Too Early, Too Many Requests. */
  private static final List<Integer> PASSING = List.of(408, 425, 429);

  private static final Pattern LOADING = Pattern.compile("loading model|model (is|was) .?loading");

  /** llama.cpp says so with 500 as well as with 400, vLLM with 400, TEI with 413. */
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "too (?:long|large)|too many (?:input |prompt )?tokens|longer than|less than \\d+ tokens"
              + "|context.?(?:size|length|window|limit|exceeded|overflow)|exceed_?context|\\bn_ctx\\b"
              + "|exceed\\w* .{0,60}(?:context|token|length)|maximum .{0,40}(?:token|length)"
              + "|max_model_len|reduce (?:the|your) (?:length|prompt|input|message)"
              + "|tokens?.{0,60}must (?:be|not)\\W.{0,20}\\d{3}");

  /** Ollama's 500 where a model makes no numbers of a text. */
  private static final Pattern NO_NUMBER = Pattern.compile("\\bnan\\b");

  private final String form;
  private final int status;
  private final String text;

  private ErrorAnswer(String form, int status, String text, String reason) {
    super(reason);
    this.form = form;
    this.status = status;
    this.text = text.toLowerCase(Locale.ROOT);
  }

  /** The error that came as this HTTP status and body. */
  public static ErrorAnswer of(int status, String body) {
    String form = "HTTP " + status;
    String reason;
    try {
      reason = reason(JSON.readTree(body)).orElse("");
    } catch (JsonProcessingException e) {
      // a page of a proxy; its status says more
      reason = "";
    }
    return new ErrorAnswer(form, status, body, reason);
  }

  /**
   * The error that this JSON is, where it is one: {@code {"error": …}} with an object or a text,
   * {@code {"object": "error", …}}, {@code {"type": "error", …}}. Its status is the one that it
   * names, or what its type means, and 500 where it says nothing.
   */
  public static Optional<ErrorAnswer> in(JsonNode answer) {
    JsonNode error = answer.path("error");
    boolean named =
        error.isObject() && !error.isEmpty() || error.isTextual() && !error.asText().isBlank();
    if (!named
        && !"error".equals(answer.path("object").asText())
        && !"error".equals(answer.path("type").asText())) {
      return Optional.empty();
    }
    int status = status(answer);
    String reason = reason(answer).orElse("");
    return Optional.of(new ErrorAnswer("an error", status, answer.toString(), reason));
  }

  /** How it came and what it says, in one line, for instance {@code HTTP 503: Loading model}. */
  public String told() {
    return getMessage().isEmpty() ? form : form + ": " + getMessage();
  }

  /**
   * What a failure says, for the log: without the words of a service, which may repeat what it was
   * asked.
   */
  public static String withoutWords(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ErrorAnswer answer && !answer.getMessage().isEmpty()) {
        return message.replace(answer.getMessage(), "…");
      }
    }
    return message;
  }

  /** As HTTP has it, 400 to 599. */
  public int status() {
    return status;
  }

  /** All of it, in lower case, to be searched for what it complains of. */
  public String text() {
    return text;
  }

  /** Whether the same request may succeed later. */
  boolean mayPass() {
    if (status >= 500) {
      // 501: llama.cpp was started without what is asked for
      return status != 501 && !isTooLong() && !NO_NUMBER.matcher(text).find();
    }
    return PASSING.contains(status) || LOADING.matcher(text).find();
  }

  boolean isOfCredentials() {
    return status == 401 || status == 403;
  }

  /** Nothing is served at this path, or not to this method; some say so of an unknown model. */
  public boolean isOfPath() {
    return status == 404 || status == 405;
  }

  /** What was sent is more than the model takes. */
  public boolean isTooLong() {
    boolean ofContent = status == 400 || status == 422 || status == 500;
    return status == 413 || ofContent && TOO_LONG.matcher(text).find();
  }

  private static int status(JsonNode answer) {
    for (String pointer : STATUSES) {
      int status = answer.at(pointer).asInt();
      if (status >= 400 && status < 600) {
        return status;
      }
    }
    for (String pointer : KINDS) {
      String kind = answer.at(pointer).asText().replaceAll("([a-z])([A-Z])", "$1_$2");
      int status = meant(kind.toLowerCase(Locale.ROOT));
      if (status != 0) {
        return status;
      }
    }
    return 500;
  }

  private static int meant(String kind) {
    if (CREDENTIALS.matcher(kind).find()) {
      return 401;
    } else if (PASSES.matcher(kind).find()) {
      return 503;
    } else if (MISSING.matcher(kind).find()) {
      return 404;
    }
    return REFUSED.matcher(kind).find() ? 400 : 0;
  }

  private static Optional<String> reason(JsonNode answer) {
    for (String pointer : MESSAGES) {
      JsonNode found = answer.at(pointer);
      String words = found.isContainerNode() ? details(found) : found.asText();
      if (!words.isBlank() && !"null".equals(words)) {
        return Optional.of(
            words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) : words);
      }
    }
    return Optional.empty();
  }

  /** Of a list as FastAPI has it, each entry's words and what they are about. */
  private static String details(JsonNode list) {
    StringBuilder words = new StringBuilder();
    for (JsonNode entry : list) {
      if (entry.path("msg").isTextual()) {
        StringBuilder where = new StringBuilder();
        entry
            .path("loc")
            .forEach(part -> where.append(where.isEmpty() ? "" : ".").append(part.asText()));
        words
            .append(words.isEmpty() ? "" : "; ")
            .append(where)
            .append(": ")
            .append(entry.path("msg").asText());
      }
    }
    return words.toString();
  }
}
