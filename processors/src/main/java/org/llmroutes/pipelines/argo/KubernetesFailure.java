package org.llmroutes.pipelines.argo;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.pipelines.RunMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed call to Kubernetes means for a run. */
final class KubernetesFailure {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesFailure.class);
  private static final int TOO_MANY_REQUESTS = 429;

  private KubernetesFailure() {}

  /** Rejected where the same call would fail again, for instance for want of a permission. */
  static TurnException ofStart(KubernetesClientException e, String namespace) {
    int code = e.getCode();
    if (code == HTTP_FORBIDDEN) {
      return hasNoRoom(e) ? unavailable(e) : forbidden(e, namespace);
    }
    boolean mayPass =
        code < 400
            || code == HTTP_UNAUTHORIZED
            || code == HTTP_CONFLICT
            || code == TOO_MANY_REQUESTS
            || code >= 500;
    return mayPass ? unavailable(e) : rejected("refused the Workflow: " + said(e), e);
  }

  /** A quota has the same status and reason as a want of a permission, and passes. */
  private static boolean hasNoRoom(KubernetesClientException e) {
    return said(e).matches(".*(exceeded quota|status unknown for quota).*");
  }

  private static TurnException forbidden(KubernetesClientException e, String namespace) {
    log(e);
    return rejected(
        "does not let the bridge start Workflows in namespace " + namespace + ": " + said(e), e);
  }

  static TurnException unavailable(KubernetesClientException e) {
    log(e);
    // 0 or less is no answer at all
    String what =
        e.getCode() <= 0
            ? "cannot be reached"
            : "answered with HTTP " + e.getCode() + ": " + said(e);
    return new TurnException(ErrorCode.UNAVAILABLE, "Kubernetes " + what, e);
  }

  private static TurnException rejected(String what, KubernetesClientException e) {
    return new TurnException(ErrorCode.REJECTED, "Kubernetes " + what, e);
  }

  private static void log(KubernetesClientException e) {
    LOG.atWarn().addKeyValue("status", e.getCode()).log("Kubernetes: {}", said(e));
  }

  private static String said(KubernetesClientException e) {
    return RunMessage.of(e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
  }
}
