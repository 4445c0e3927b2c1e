package org.llmroutes.gateway;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.turn.TurnProcessor;

/** Who asks, as the body. */
public class DescribeUser extends TurnProcessor {

  @Override
  public void process(Exchange exchange) {
    Identity identity = exchange.getVariable(HttpTurnsConstants.IDENTITY, Identity.class);
    Settings settings = service(Settings.class);
    Quotas.Limits limits = service(Gateway.class).quotas().limits();
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("user_id", identity.userId());
    user.put("groups", new TreeSet<>(identity.groups()));
    if (identity.expires().isBefore(Instant.MAX)) {
      user.put("expires_at", identity.expires().toString());
    }
    user.put("reads", service(Principals.class).of(identity.userId()));
    user.put("may", may(settings));
    user.put(
        "limits",
        Map.of(
            "turns_per_minute", limits.turnsPerMinute(),
            "turns_at_once", limits.turnsAtOnce(),
            "audio_bytes_per_day", limits.audioBytesPerDay(),
            "document_bytes_per_day", limits.documentBytesPerDay(),
            "document_bytes", settings.getInt("ingestion.file.max-bytes")));
    exchange.getMessage().setBody(user);
  }

  private static List<String> may(Settings settings) {
    return PlatformServices.load(settings).whisper().isThere()
        ? List.of("chat", "voice", "pipelines")
        : List.of("chat", "pipelines");
  }
}
