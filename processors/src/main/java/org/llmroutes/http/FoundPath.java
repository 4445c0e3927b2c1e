package org.llmroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import org.llmroutes.errors.StepException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a service has what is asked for, of two paths where servers have it: found out by asking,
 * and kept for as long as it is there.
 */
public final class FoundPath {
  private static final Logger LOG = LoggerFactory.getLogger(FoundPath.class);

  private final ServiceClient client;
  private final String usual;
  private final String other;
  private volatile String found;

  public FoundPath(ServiceClient client, String usual, String other) {
    this.client = client;
    this.usual = usual;
    this.other = other;
    this.found = usual;
  }

  /** As {@link ServiceClient#post}. */
  public JsonNode post(Object body, Deadline deadline) {
    String path = found;
    try {
      return client.ask(path, body, deadline);
    } catch (StepException e) {
      if (isOfPath(e)) {
        return postOther(path.equals(usual) ? other : usual, body, deadline, e);
      }
      throw client.said(e);
    }
  }

  private JsonNode postOther(String path, Object body, Deadline deadline, StepException first) {
    try {
      JsonNode answer = client.ask(path, body, deadline);
      LOG.info("{} is asked at {}", client.settings(), path);
      found = path;
      return answer;
    } catch (StepException e) {
      throw client.said(isOfPath(e) ? first : e);
    }
  }

  private static boolean isOfPath(StepException e) {
    return e instanceof Refusal refusal && refusal.error().isOfPath();
  }
}
