package org.llmroutes.pipelines.kubeflow;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call to Kubeflow Pipelines that failed. */
final class KfpException extends RuntimeException {
  private static final Logger LOG = LoggerFactory.getLogger(KfpException.class);
  private static final int TOO_MANY_REQUESTS = 429;

  private final int status;

  /**
   * @param status of HTTP, or 0 where there was no answer that could be read
   * @param message what the server, or the attempt to ask it, said
   */
  KfpException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** What this means for a start: rejected where the same call would fail again. */
  TurnException ofStart() {
    if (status == HTTP_FORBIDDEN) {
      log();
      return failure(ErrorCode.REJECTED, "does not let the bridge start the run");
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
        ErrorCode.UNAVAILABLE, status == 0 ? getMessage() : "answered with HTTP " + status);
  }

  private TurnException failure(ErrorCode code, String what) {
    return new TurnException(code, "Kubeflow Pipelines " + what, this);
  }

  private void log() {
    LOG.atWarn().addKeyValue("status", status).log("Kubeflow Pipelines: {}", getMessage());
  }
}
