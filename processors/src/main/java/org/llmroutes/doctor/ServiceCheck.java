package org.llmroutes.doctor;

import java.io.IOException;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.ErrorAnswer;
import org.llmroutes.http.Refusal;

/** An AI service, by one small call of the kind that turns make. */
abstract class ServiceCheck implements Check {
  private final String part;
  private final String[] roles;

  /**
   * @param roles those that call it
   */
  ServiceCheck(String part, String... roles) {
    this.part = part;
    this.roles = roles.clone();
  }

  @Override
  public final String part() {
    return part;
  }

  abstract ServiceSettings settings(PlatformServices services);

  /**
   * Calls it.
   *
   * @param service asked once a call
   * @throws StepException which is told with what to do
   */
  abstract void call(ServiceSettings service, Installation here, Findings found);

  @Override
  public final void look(Installation here, Findings found) {
    if (!here.has(roles)) {
      found.notUsed("", "by none of the roles in use");
      return;
    }
    ServiceSettings service = settings(here.services());
    if (!service.isThere()) {
      found.notUsed("", service.variable("PROTOCOL") + " is none");
      return;
    }
    try {
      call(Installation.once(service), here, found);
    } catch (StepException e) {
      found.notWell("call", words(service, e), advice(service, e));
    }
  }

  private static String words(ServiceSettings service, StepException failure) {
    String why = failure.getCause() instanceof IOException e ? ", " + Reason.of(e) : "";
    return "%s at %s%s".formatted(failure.getMessage(), service.url(), why);
  }

  private static String advice(ServiceSettings service, StepException failure) {
    String url = service.variable("URL");
    if (failure instanceof Refusal refusal) {
      return refusal.toCheck();
    } else if (failure.getCause() instanceof ErrorAnswer) {
      return "it is there and has trouble of its own, of which its log tells; or %s names another address"
          .formatted(url);
    } else if (failure.getCause() instanceof IOException) {
      return "start it, or %s names another address".formatted(url);
    } else if (failure.code() == ErrorCode.TIMEOUT || failure.getMessage().contains("in time")) {
      return "it may be loading its model or have too much to do, see its log; more time by --timeout";
    } else if (failure.code() == ErrorCode.UNAVAILABLE) {
      return "something else may answer there: check %s and %s"
          .formatted(url, service.variable("PROTOCOL"));
    }
    return "check %s and %s".formatted(service.variable("MODEL"), url);
  }
}
