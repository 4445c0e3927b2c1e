package org.llmroutes.http;

import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * A service refuses a request, and would do so again: {@code rejected}, or {@code unavailable}
 * where it refuses the credentials. It says nothing about other requests.
 */
public final class Refusal extends StepException {
  private final transient ErrorAnswer error;
  private final String toCheck;
  private final String advice;

  Refusal(String step, ServiceSettings settings, String where, ErrorAnswer error) {
    super(step, code(error), settings.name() + " " + words(error), error);
    this.error = error;
    this.toCheck = toCheck(settings, error);
    this.advice = "%s answered %d %s; %s".formatted(settings, error.status(), where, toCheck);
  }

  private static ErrorCode code(ErrorAnswer error) {
    return error.isOfCredentials() ? ErrorCode.UNAVAILABLE : ErrorCode.REJECTED;
  }

  private static String words(ErrorAnswer error) {
    if (error.isOfCredentials()) {
      return "refuses the credentials";
    }
    return "refused the request: "
        + (error.getMessage().isEmpty() ? error.told() : error.getMessage());
  }

  private static String toCheck(ServiceSettings settings, ErrorAnswer error) {
    if (error.isOfCredentials()) {
      return "check " + settings.variable("API_KEY");
    } else if (error.isTooLong()) {
      return "more than its model takes";
    }
    return "where every request is refused, check %s, %s and %s"
        .formatted(
            settings.variable("URL"), settings.variable("PROTOCOL"), settings.variable("MODEL"));
  }

  /** What the service said. */
  public ErrorAnswer error() {
    return error;
  }

  /** The settings to look at, as advice. */
  public String toCheck() {
    return toCheck;
  }

  /** Address, status and the settings to look at, for the log. */
  String advice() {
    return advice;
  }
}
