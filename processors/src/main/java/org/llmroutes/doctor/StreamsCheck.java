package org.llmroutes.doctor;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.llmroutes.nats.StreamDefinition;

/** Whether streams and buckets are there, as defined, and with room for more. */
final class StreamsCheck implements Check {
  private static final String SETUP = "`setup` does it";
  private static final double NEARLY_FULL = 0.85;

  @Override
  public String part() {
    return "streams";
  }

  @Override
  public void look(Installation here, Findings found) throws Exception {
    Connection nats = here.nats();
    for (StreamDefinition definition :
        StreamDefinition.readAll(here.settings().path("config/nats"))) {
      look(nats, definition, found);
    }
  }

  private static void look(Connection nats, StreamDefinition definition, Findings found)
      throws IOException {
    String name = definition.name();
    try {
      Optional<StreamInfo> there = definition.find(nats.jetStreamManagement());
      if (there.isEmpty()) {
        found.notWell(name, "it is not there", "`setup` creates it");
        return;
      }
      List<String> differences = definition.differences(there.get());
      if (!differences.isEmpty()) {
        found.notWell(name, "it is not as defined: " + String.join(", ", differences), SETUP);
      } else if (copiesAreWell(there.get(), found)) {
        room(there.get(), found);
      }
    } catch (JetStreamApiException e) {
      found.notWell(name, "NATS says: " + e.getErrorDescription(), "see the log of the server");
    }
  }

  private static boolean copiesAreWell(StreamInfo stream, Findings found) {
    ClusterInfo cluster = stream.getClusterInfo();
    String name = stream.getConfiguration().getName();
    if (cluster == null || cluster.getReplicas() == null) {
      return true;
    } else if (cluster.getLeader() == null) {
      found.notWell(
          name,
          "it has no leader, so nothing is stored",
          "bring the other servers of the cluster back");
      return false;
    }
    List<String> behind =
        cluster.getReplicas().stream()
            .filter(copy -> copy.isOffline() || !copy.isCurrent())
            .map(copy -> copy.getName())
            .toList();
    if (!behind.isEmpty()) {
      found.warning(
          name, "copies are behind or away: " + String.join(", ", behind), "look at these servers");
    }
    return behind.isEmpty();
  }

  private static void room(StreamInfo stream, Findings found) {
    StreamConfiguration limits = stream.getConfiguration();
    long used = stream.getStreamState().getByteCount();
    long most = limits.getMaxBytes();
    String text =
        "%d messages, %s of %s, %d cop%s"
            .formatted(
                stream.getStreamState().getMsgCount(),
                Sizes.of(used),
                most <= 0 ? "any size" : Sizes.of(most),
                limits.getReplicas(),
                limits.getReplicas() == 1 ? "y" : "ies");
    if (most > 0 && used > most * NEARLY_FULL) {
      found.warning(
          limits.getName(),
          text,
          "raise max_bytes in config/nats and run `setup`, or take away what nobody needs");
    } else {
      found.well(limits.getName(), text);
    }
  }
}
