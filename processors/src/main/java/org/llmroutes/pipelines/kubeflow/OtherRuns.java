package org.llmroutes.pipelines.kubeflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs of a request besides the one that counts. A create that was given up waiting for makes
 * one all the same, perhaps after another was started.
 */
final class OtherRuns {
  private static final Logger LOG = LoggerFactory.getLogger(OtherRuns.class);
  private static final Set<String> UNDER_WAY = Set.of("PENDING", "RUNNING", "PAUSED");
  private static final long EVERY = Duration.ofSeconds(20).toNanos();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final KfpApi api;

  /** When runs that are under way were last looked for, by the name of the run. */
  private final Map<String, Long> looked = new ConcurrentHashMap<>();

  OtherRuns(KfpApi api) {
    this.api = api;
  }

  /** Says whose run it is, and while it is traced what a step of it goes on with. */
  static String description(PipelineRun run) {
    ObjectNode description = owner(run);
    String traceparent = Tracing.current().traceparent();
    if (traceparent != null) {
      description.put("traceparent", traceparent);
    }
    return description.toString();
  }

  private static ObjectNode owner(PipelineRun run) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("request_id", run.requestId())
        .put("user_id", run.userId());
  }

  /** Whether the run of the server was made for the request and the user of this one. */
  static boolean isOf(PipelineRun run, JsonNode found) {
    try {
      JsonNode description = JSON.readTree(found.path("description").asText());
      return description instanceof ObjectNode object
          && owner(run).equals(object.deepCopy().without("traceparent"));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** The same, where that was not done a moment ago; at the latest when the run has ended. */
  void endFromTimeToTime(PipelineRun run, JsonNode counts) {
    Long last = looked.get(run.name());
    boolean ended = !UNDER_WAY.contains(counts.path("state").asText());
    if (ended || last == null || System.nanoTime() - last > EVERY) {
      end(run, counts);
    }
    if (ended) {
      looked.remove(run.name());
    }
  }

  /** Ends what can be ended now; the rest is left for the next time. */
  void end(PipelineRun run, JsonNode counts) {
    looked.put(run.name(), System.nanoTime());
    try {
      find(run, counts).forEach(other -> end(run, other));
    } catch (KfpException e) {
      LOG.debug("Other runs of {} cannot be ended now", run.name(), e);
    }
  }

  private void end(PipelineRun run, String other) {
    LOG.atWarn()
        .addKeyValue("request_id", run.requestId())
        .addKeyValue("run_id", other)
        .log("a second run of the request is ended");
    api.terminate(other);
  }

  private List<String> find(PipelineRun run, JsonNode counts) {
    String id = counts.path("run_id").asText();
    return api.runs(counts.path("experiment_id").asText(), run.name()).stream()
        .filter(other -> isOf(run, other))
        .filter(other -> UNDER_WAY.contains(other.path("state").asText()))
        .map(other -> other.path("run_id").asText())
        .filter(other -> !id.equals(other))
        .toList();
  }
}
