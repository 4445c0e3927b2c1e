package org.llmroutes.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmroutes.identity.Memberships.Source;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.nats.NatsConnections;
import org.llmroutes.nats.NatsSetup;
import org.llmroutes.testing.Scratch;

/** What a user may read by, over instances and outages. */
class PrincipalsTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final NatsServer server = new NatsServer(Scratch.folder("nats"), 0);
  private final AtomicInteger reads = new AtomicInteger();
  private Connection gateway;
  private Connection nats;
  private Principals learning;
  private Principals principals;

  @BeforeEach
  void start() throws Exception {
    server.start();
    gateway = Nats.connect(server.url());
    NatsSetup.apply(gateway, Project.root().resolve("config/nats"));
    nats = NatsConnections.connectEventually(server.url(), Map.of());
    await().until(() -> nats.getStatus() == Connection.Status.CONNECTED);
    learning = new Principals(gateway, DAY);
    principals = new Principals(nats, DAY);
    learning.start();
    principals.start();
    gateway
        .createDispatcher(read -> reads.incrementAndGet())
        .subscribe("$JS.API.STREAM.MSG.GET.KV_principals");
  }

  @AfterEach
  void stop() throws Exception {
    principals.stop();
    learning.stop();
    nats.close();
    gateway.close();
    server.close();
  }

  @Test
  void whoIsUnknownReadsWhatIsPublicOrTheUsersOwn() {
    assertThat(principals.of("ada")).containsExactly("user:ada", "public");
  }

  @Test
  void otherInstancesKnowAtOnceWhatOneHasLearnt() {
    learning.learn("ada", Set.of("hr", "staff"));
    assertThat(principals.of("ada"))
        .containsExactly("user:ada", "group:hr", "group:staff", "public");

    learning.learn("ada", Set.of("staff"));
    await().untilAsserted(() -> assertThat(principals.of("ada")).doesNotContain("group:hr"));
    learning.learn("ada", Set.of());
    await().untilAsserted(() -> assertThat(principals.of("ada")).hasSize(2));
    assertThat(principals.of("bob")).containsExactly("user:bob", "public");
  }

  @Test
  void whatAnOperatorSetIsNotOverwrittenByCredentials() throws Exception {
    Memberships memberships = new Memberships(gateway);
    Instant now = Instant.now();
    memberships.put(Source.SET, "ada", new Membership(List.of("hr"), now.minus(DAY), null));
    memberships.put(Source.SET, "bob", new Membership(List.of("hr"), now.minus(DAY), now));
    learning.learn("ada", Set.of("staff"));

    assertThat(principals.of("ada"))
        .containsExactly("user:ada", "group:staff", "group:hr", "public");
    assertThat(principals.of("bob")).containsExactly("user:bob", "public");
    assertThat(memberships.remove("ada")).isTrue();
    assertThat(memberships.remove("ada")).isFalse();
    await().untilAsserted(() -> assertThat(principals.of("ada")).hasSize(2));
  }

  @Test
  void groupsOfCredentialsEndToCount() {
    Principals forgetful = new Principals(gateway, Duration.ofMillis(1));
    forgetful.learn("ada", Set.of("hr"));

    await()
        .untilAsserted(
            () -> assertThat(principals.of("ada")).containsExactly("user:ada", "public"));
  }

  @Test
  void readsOnceUntilSomethingChanges() {
    learning.learn("ada", Set.of("hr"));
    assertThat(principals.of("ada")).contains("group:hr");
    await().untilAsserted(() -> assertThat(reads).hasPositiveValue());
    await()
        .untilAsserted(
            () -> {
              reads.set(0);
              assertThat(principals.of("ada")).contains("group:hr");
              learning.learn("ada", Set.of("hr"));
              gateway.flush(Duration.ofSeconds(1));
              assertThat(reads).hasValue(0);
            });
  }

  @Test
  void knowsTheLastWhileNatsIsAway() throws Exception {
    learning.learn("ada", Set.of("hr"));
    assertThat(principals.of("ada")).contains("group:hr");
    server.close();
    await().until(() -> nats.getStatus() != Connection.Status.CONNECTED);

    assertThat(principals.of("ada")).contains("group:hr");
    assertThat(principals.of("bob")).containsExactly("user:bob", "public");
    principals.learn("bob", Set.of("hr"));
  }

  @Test
  void aUserHasNoMoreThanTwoHundredAndTheNewestOfThem() throws Exception {
    List<String> many = IntStream.range(0, 500).mapToObj(number -> "g" + number).toList();
    Instant before = Instant.now().minusSeconds(60);
    new Memberships(gateway).put(Source.SET, "ada", new Membership(many, before, null));
    learning.learn("ada", Set.of("hr"));

    assertThat(principals.of("ada"))
        .hasSize(200)
        .startsWith("user:ada", "group:hr", "group:g0")
        .endsWith("public");
  }

  @Test
  void namesThatAreNoneCountForNothing() throws Exception {
    learning.learn("ada", Set.of("", " hr", "a\nb", "x".repeat(129), "public", "user:bob", "é\""));
    assertThat(principals.of("ada"))
        .containsExactly("user:ada", "group:public", "group:user:bob", "group:é\"", "public");

    for (String entry : List.of("", "[]", "{\"groups\": [1]}", "{\"groups\": 7}", "\u0000")) {
      put("$KV.principals.set.bob", entry);
      assertThat(principals.of("bob")).containsExactly("user:bob", "public");
    }
  }

  private void put(String subject, String value) throws Exception {
    gateway.jetStream().publish(subject, new Headers(), value.getBytes(StandardCharsets.UTF_8));
  }
}
