package org.llmroutes.cli;

import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.llmroutes.callout.AuthCallout;
import org.llmroutes.callout.CalloutHealth;
import org.llmroutes.callout.GuardKeys;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.nats.NatsConnections;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The auth callout of a guarded nats-server, in the foreground, until SIGTERM or Ctrl-C. */
@Command(
    description = {
      "Tell a guarded nats-server who connects, by API key or OIDC token as auth.methods says.",
      "It connects with NATS_NKEY_FILE=callout.nk and lets users in by NATS_CALLOUT_ISSUER_FILE=issuer.nk."
    },
    mixinStandardHelpOptions = true)
final class CalloutCommand implements Callable<Integer> {
  private static final String ISSUER = "NATS_CALLOUT_ISSUER_FILE";

  @Option(
      names = "--make-keys",
      paramLabel = "FOLDER",
      description =
          "Only make the keys that are missing there, and print the public ones, as config/nats-server/guarded.conf names them")
  private Path keys;

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description = "Serve /observe/health/live and /observe/health/ready there, for probes")
  private Integer healthPort;

  @Override
  public Integer call() throws Exception {
    if (keys != null) {
      GuardKeys.make(keys).forEach((name, key) -> System.out.println(name + "=" + key));
      return 0;
    }
    Settings settings = Clients.settings();
    String issuer = settings.environment().get(ISSUER);
    if (issuer == null) {
      throw new CommandFailure(ISSUER + " must name the file with the issuer's seed", null);
    }
    try (Connection connection = connect(settings);
        AuthCallout callout =
            new AuthCallout(connection, settings, GuardKeys.read(Path.of(issuer)));
        CalloutHealth health =
            healthPort == null ? null : new CalloutHealth(healthPort, connection)) {
      Runtime.getRuntime().addShutdownHook(new Thread(callout::close));
      System.out.println("Logins are answered");
      if (health != null) {
        System.out.println("Health is served on port " + health.port());
      }
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static Connection connect(Settings settings) throws IOException, InterruptedException {
    return NatsConnections.connectEventually(
        PlatformServices.load(settings).natsUrl(), settings.environment());
  }
}
