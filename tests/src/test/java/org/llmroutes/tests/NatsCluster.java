package org.llmroutes.tests;

import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.api.ClusterInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.NatsSetup;

/** Three real nats-servers that keep three copies of each stream. */
final class NatsCluster implements AutoCloseable {
  static final int SERVERS = 3;

  private final List<NatsServer> servers;

  /** Started, with its streams. */
  NatsCluster(Path data) throws Exception {
    List<Integer> ports = IntStream.range(0, SERVERS).mapToObj(server -> Ports.free(0)).toList();
    String routes =
        ports.stream().map(port -> "nats://127.0.0.1:" + port).collect(Collectors.joining(", "));
    servers =
        IntStream.range(0, SERVERS)
            .mapToObj(
                i ->
                    new NatsServer(
                        data.resolve("nats" + i),
                        """
                        server_name: "%d"
                        cluster { name: three, listen: "127.0.0.1:%d", routes: [%s] }
                        """
                            .formatted(i, ports.get(i), routes)))
            .toList();
    servers.parallelStream().forEach(NatsServer::start);
    try (Connection connection = NatsConnections.connect(url(), Map.of())) {
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () ->
                  NatsSetup.apply(connection, Project.root().resolve("config/nats"), SERVERS)
                      .isEmpty());
    }
  }

  /** All of them, as clients are told. */
  String url() {
    return servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
  }

  /** The one that decides what is in a stream. */
  NatsServer leader(Connection connection, String stream) {
    return await()
        .ignoreExceptions()
        .until(
            () -> servers.get(Integer.parseInt(of(connection, stream).getLeader())),
            leader -> leader != null);
  }

  /** Returns once every server has all of a stream. */
  void awaitCopies(Connection connection, String stream) {
    await()
        .ignoreExceptions()
        .until(
            () -> of(connection, stream).getReplicas().stream().allMatch(copy -> copy.isCurrent()));
  }

  private static ClusterInfo of(Connection connection, String stream) throws Exception {
    return connection.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
  }

  @Override
  public void close() {
    servers.forEach(NatsServer::close);
  }
}
