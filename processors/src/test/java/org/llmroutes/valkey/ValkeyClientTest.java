package org.llmroutes.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.local.ValkeyServer;
import org.llmroutes.testing.Scratch;
import org.llmroutes.testing.Threads;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** What is asked of the real Valkey, and what a URL says of it. */
@Timeout(60)
class ValkeyClientTest {
  private static final ValkeyServer OPEN = new ValkeyServer(Scratch.folder("valkey"), 0);
  private static final ValkeyServer GUARDED = new ValkeyServer(Scratch.folder("valkey"), 0);
  private static final Script SET = new Script("return redis.call('SET', KEYS[1], ARGV[1])");
  private static final Script GET = new Script("return {redis.call('GET', KEYS[1]), 1}");

  @BeforeAll
  static void start() {
    OPEN.start();
    GUARDED.start();
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(GUARDED.url()))) {
      valkey.ask(acl("SETUSER", "reader", "on", ">p:w@rd", "~*", "+@all"));
      valkey.ask(COMMANDS.configSet("requirepass", "s3cret"));
    }
  }

  @AfterAll
  static void stop() {
    OPEN.close();
    GUARDED.close();
  }

  private static CommandObject<String> acl(String... words) {
    return new CommandObject<>(
        new CommandArguments(Protocol.Command.ACL).addObjects((Object[]) words),
        BuilderFactory.STRING);
  }

  private static CommandObject<String> whoAmI() {
    return acl("WHOAMI");
  }

  @ParameterizedTest
  @CsvSource({
    "redis://127.0.0.1:%d,                   default",
    "valkey://127.0.0.1:%d/,                 default",
    "redis://:s3cret@127.0.0.1:%d,           default",
    "redis://s3cret@127.0.0.1:%d,            default",
    "redis://default:s3cret@127.0.0.1:%d,    default",
    "valkey://reader:p%%3Aw%%40rd@127.0.0.1:%d/2, reader",
  })
  void logsInAsTheUrlSays(String url, String user) {
    ValkeyServer server = url.contains("@") ? GUARDED : OPEN;
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(url.formatted(server.port())))) {
      assertThat(valkey.ask(whoAmI())).isEqualTo(user);
    }
  }

  @ParameterizedTest
  @CsvSource({"redis://127.0.0.1:%d, NOAUTH", "redis://:wrong@127.0.0.1:%d, WRONGPASS"})
  void saysWhatTheServerSaysOfALogin(String url, String complaint) {
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(url.formatted(GUARDED.port())))) {
      assertThatExceptionOfType(JedisException.class)
          .isThrownBy(() -> valkey.ask(COMMANDS.ping()))
          .withMessageContaining(complaint);
    }
  }

  @Test
  void usesTheDatabaseOfTheUrl() {
    try (ValkeyClient first = new ValkeyClient(ValkeySettings.at(OPEN.url()));
        ValkeyClient third = new ValkeyClient(ValkeySettings.at(OPEN.url() + "/3"))) {
      third.ask(COMMANDS.set("of-the-third", "1"));
      assertThat(first.ask(COMMANDS.keys("of-the-third"))).isEmpty();
      assertThat(third.ask(COMMANDS.keys("of-the-third"))).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"rediss, 22", "valkeys, 22", "redis, 42"})
  void encryptsWhereTheSchemeSaysSo(String scheme, int firstByte) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ValkeyClient valkey =
            new ValkeyClient(ValkeySettings.at(scheme + "://127.0.0.1:" + server.getLocalPort()))) {
      CompletableFuture<Integer> said = new CompletableFuture<>();
      Threads.start(
          () -> {
            try (Socket client = server.accept()) {
              said.complete(client.getInputStream().read());
            } catch (java.io.IOException e) {
              said.completeExceptionally(e);
            }
          });
      assertThatThrownBy(() -> valkey.ask(COMMANDS.ping())).isInstanceOf(JedisException.class);
      assertThat(said.get())
          .as("a handshake of TLS, or an array of the protocol")
          .isEqualTo(firstByte);
    }
  }

  /** Older servers and proxies know no HELLO. */
  @Test
  void beginsWithoutAGreeting() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ValkeyClient valkey =
            new ValkeyClient(ValkeySettings.at("redis://127.0.0.1:" + server.getLocalPort()))) {
      CompletableFuture<String> said = new CompletableFuture<>();
      Threads.start(
          () -> {
            try (Socket client = server.accept();
                Scanner in = new Scanner(client.getInputStream(), StandardCharsets.US_ASCII)) {
              said.complete(in.nextLine() + in.nextLine() + in.nextLine());
            } catch (java.io.IOException e) {
              said.completeExceptionally(e);
            }
          });
      assertThatThrownBy(() -> valkey.ask(COMMANDS.ping())).isInstanceOf(JedisException.class);
      assertThat(said.get()).doesNotContain("HELLO");
    }
  }

  @Test
  void runsSeveralScriptsInOneTripAndGoesOnBehindARefusal() {
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(OPEN.url()))) {
      valkey.ask(COMMANDS.set("text", "a"));
      assertThatExceptionOfType(JedisDataException.class)
          .isThrownBy(
              () ->
                  valkey.run(
                      SET.on(List.of("before"), List.of("1")),
                      new Script("return redis.call('HGET', KEYS[1], 'field')")
                          .on(List.of("text"), List.of()),
                      SET.on(List.of("behind"), List.of("1"))))
          .withMessageContaining("WRONGTYPE");
      assertThat(valkey.ask(COMMANDS.mget("text", "before", "behind")))
          .containsExactly("a", "1", "1");
    }
  }

  @Test
  void runsScriptsThatTheServerHasForgotten() {
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(OPEN.url()))) {
      assertThat(
              valkey.run(
                  SET.on(List.of("script"), List.of("1")), GET.on(List.of("script"), List.of())))
          .containsExactly("OK", List.of("1", 1L));
      valkey.ask(COMMANDS.scriptFlush());
      assertThat(
              valkey.run(
                  SET.on(List.of("script"), List.of("2")), GET.on(List.of("script"), List.of())))
          .containsExactly("OK", List.of("2", 1L));
    }
  }

  @Test
  void answersEachOfManyAtOnce() {
    try (ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(OPEN.url()))) {
      List<CompletableFuture<String>> answers =
          IntStream.range(0, 200)
              .mapToObj(
                  n ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            valkey.ask(COMMANDS.set("n" + n, Integer.toString(n)));
                            return valkey.ask(COMMANDS.mget("n" + n)).get(0);
                          },
                          Threads::start))
              .toList();
      assertThat(answers)
          .extracting(CompletableFuture::join)
          .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void doesNotNoticeARestartWhileNobodyAsks() throws Exception {
    try (ValkeyServer server = new ValkeyServer(Scratch.folder("valkey"), 0);
        ValkeyClient valkey = new ValkeyClient(ValkeySettings.at(server.url()))) {
      server.start();
      List<CompletableFuture<String>> several =
          IntStream.range(0, 3)
              .mapToObj(
                  n ->
                      CompletableFuture.supplyAsync(
                          () -> valkey.ask(COMMANDS.set("n", "1")), Threads::start))
              .toList();
      several.forEach(CompletableFuture::join);

      server.kill();
      server.start();

      assertThat(valkey.ask(COMMANDS.mget("n"))).containsExactly("1");
      server.kill();
      assertThatThrownBy(() -> valkey.ask(COMMANDS.ping()))
          .isInstanceOf(JedisConnectionException.class);
    }
  }
}
