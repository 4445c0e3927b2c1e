package org.llmroutes.pipelines.kubeflow;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.RunMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call to Kubeflow Pipelines that failed. */
final class KfpException extends RuntimeException {
  private static final Logger LOG = LoggerFactory.getLogger(KfpException.class);
  private static final int TOO_MANY_REQUESTS = 429;

  private static final String LOGIN =
      ", as something in front of it does that wants a login: is there a valid token in KFP_TOKEN_FILE?";

  private final int status;

  /**
   * @param status of HTTP, or 0 where there was no answer of the server that could be read
   * @param message what the server, or the attempt to ask it, said; may be empty
   */
  KfpException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /**
   * @param to where the answer leads
   */
  static KfpException redirected(int status, String to) {
    return new KfpException(status, "a redirect to " + RunMessage.of(to) + LOGIN, null);
  }

  /** An answer that is a page for people, and so not of the server. */
  static KfpException webPage(int status) {
    String page = "a web page" + (status >= 500 ? " of what stands in front of it" : LOGIN);
    if (status == HTTP_FORBIDDEN) {
      return new KfpException(status, page, null);
    }
    String how = status / 100 == 2 ? "what is no JSON but " : "HTTP " + status + ": ";
    return new KfpException(0, "answered with " + how + page, null);
  }

  int status() {
    return status;
  }

  /** What this means for a start: rejected where the same call would fail again. */
  TurnException ofStart() {
    if (status == HTTP_FORBIDDEN) {
      log();
      return failure(ErrorCode.REJECTED, "does not let the bridge start the run" + words());
    }
    boolean mayPass =
        status < 400 || status == HTTP_UNAUTHORIZED || status == TOO_MANY_REQUESTS || status >= 500;
    return mayPass
        ? unavailable()
        : failure(ErrorCode.REJECTED, "refused the run: " + getMessage());
  }

  TurnException unavailable() {
    log();
    return failure(
        ErrorCode.UNAVAILABLE,
        status == 0 ? getMessage() : "answered with HTTP " + status + words());
  }

  private String words() {
    return getMessage().isEmpty() ? "" : ": " + getMessage();
  }

  private TurnException failure(ErrorCode code, String what) {
    return new TurnException(code, "Kubeflow Pipelines " + what, this);
  }

  private void log() {
    LOG.atWarn().addKeyValue("status", status).log("Kubeflow Pipelines: {}", getMessage());
  }
}
