package org.llmroutes.doctor;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.AccountStatistics;
import io.nats.client.api.ServerInfo;
import java.io.IOException;
import org.llmroutes.nats.NatsProbe;
import org.llmroutes.nats.StreamDefinition;

/** The NATS server, how it is reached, and what it allows this account. */
final class NatsCheck implements Check {
  private static final String CREDENTIALS =
      "NATS_CREDS_FILE, NATS_NKEY_FILE, NATS_USER with NATS_PASSWORD, or NATS_TOKEN";

  /** An answer with its sources has to fit; less than a server has unless it is told. */
  private static final long LEAST_PAYLOAD = 1 << 20;

  /** Of what is allowed to be stored. */
  private static final double NEARLY_FULL = 0.85;

  @Override
  public String part() {
    return "nats";
  }

  @Override
  public void look(Installation here, Findings found) throws Exception {
    String url = here.services().natsUrl();
    Connection nats;
    try {
      nats = here.connect();
    } catch (AuthenticationException e) {
      found.notWell(
          "connection",
          url + " does not let this in: " + Reason.of(e),
          "one of " + CREDENTIALS + " names what the routes connect with");
      return;
    } catch (IOException e) {
      String reason = NatsProbe.reason(url, here.settings().environment());
      found.notWell("connection", url + ": " + reason, advice(reason));
      return;
    }
    ServerInfo server = nats.getServerInfo();
    found.well(
        "connection",
        "NATS %s at %s%s"
            .formatted(
                server.getVersion(),
                nats.getConnectedUrl(),
                server.getCluster() == null ? "" : ", cluster " + server.getCluster()));
    payload(server.getMaxPayload(), here, found);
    jetStream(nats, found);
  }

  private static String advice(String reason) {
    return reason.contains("TLS")
        ? "NATS_TLS_CA_FILE names the authority of its certificate, NATS_TLS_CERT_FILE and"
            + " NATS_TLS_KEY_FILE one of our own; without TLS the address begins with nats://"
        : "start it, or NATS_URL names another address";
  }

  private static void payload(long allowed, Installation here, Findings found) throws IOException {
    long wanted =
        StreamDefinition.readAll(here.settings().path("config/nats")).stream()
            .mapToLong(definition -> definition.stream().configuration().getMaximumMessageSize())
            .max()
            .orElse(LEAST_PAYLOAD);
    String text = "messages of up to %d bytes".formatted(allowed);
    String advice = "set max_payload: %d in the configuration of the server".formatted(wanted);
    if (allowed < LEAST_PAYLOAD) {
      found.notWell("max_payload", text + "; answers do not fit", advice);
    } else if (allowed < wanted) {
      found.warning(
          "max_payload",
          text
              + "; larger requests, mostly spoken ones, are refused up to the %d that the streams take"
                  .formatted(wanted),
          advice);
    } else {
      found.well("max_payload", text);
    }
  }

  private static void jetStream(Connection nats, Findings found) throws IOException {
    AccountStatistics account;
    try {
      account = nats.jetStreamManagement().getAccountStatistics();
    } catch (JetStreamApiException e) {
      found.notWell(
          "jetstream",
          "it is not there for this account: " + e.getErrorDescription(),
          "set jetstream {} in the configuration of the server, and `jetstream: enabled` for the account");
      return;
    } catch (IOException e) {
      found.notWell(
          "jetstream",
          "it does not answer: " + Reason.of(e),
          "set jetstream {} in the configuration of the server; these credentials must be allowed to publish to $JS.API.> and to listen to _INBOX.>");
      return;
    }
    long used = account.getStorage();
    long most = account.getLimits() == null ? -1 : account.getLimits().getMaxStorage();
    String text =
        "%d streams, %s of %s stored"
            .formatted(
                account.getStreams(), Sizes.of(used), most <= 0 ? "any size" : Sizes.of(most));
    if (most > 0 && used > most * NEARLY_FULL) {
      found.warning(
          "jetstream", text, "raise max_file_store of the server, or the limit of the account");
    } else {
      found.well("jetstream", text);
    }
  }
}
