package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.tests.ProductCommand.Result;
import org.llmroutes.turn.TurnReopening;

/** {@code dlq} as a process of its own, on dead letters that the routes wrote. */
class DlqTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stack stack = Stack.shared();
  private final Client client = new Client(stack.nats);
  private final DeadLetters letters = new DeadLetters(stack.nats);
  @TempDir private Path folder;
  private ProductCommand command;

  @BeforeEach
  void commandLine() {
    command = new ProductCommand(folder, stack.environment, Map.of());
  }

  @AfterEach
  void unsubscribe() {
    letters.close();
  }

  @Test
  void aReplayedRequestIsAnsweredAsIfItHadNeverFailed() throws Exception {
    Map<String, Object> request = Client.request("Tell it later");
    String id = (String) request.get("request_id");
    Message letter = failed(request);
    stack.vllm.script(asked -> Reply.of("Told ", "now."));

    Asked replayed = client.listen(id, () -> assertSucceeds("replay", number(letter)));

    assertThat(replayed.text()).isEqualTo("Told now.").isEqualTo(replayed.streamed());
    assertThat(replayed.chunks())
        .extracting(chunk -> chunk.get("attempt"))
        .containsOnly(2)
        .hasSizeGreaterThan(3);
    settled(client.user);
    assertThat(stack.stored("AI_RESPONSES", "ai.chat.response." + id)).isEqualTo(1);
    assertThat(storedAnswer(id)).containsEntry("response", "Told now.");
    assertThat(stack.stored("AI_STREAMS", "ai.chat.response.stream." + id))
        .isEqualTo(replayed.chunks().size());
    assertFails("There is no dead letter " + number(letter), "show", number(letter));
    client.ask(Client.request("What did I say?"));
    String sent = stack.vllm.requests().get(stack.vllm.requests().size() - 1).toString();
    assertThat(sent.split("Tell it later", -1)).hasSize(2);
  }

  @Test
  void aReplayThatFailsAgainLeavesANewLetter() throws Exception {
    Map<String, Object> request = Client.request("Never");
    Message letter = failed(request);

    client.listen(
        (String) request.get("request_id"), () -> assertSucceeds("replay", number(letter)));

    Message again = letters.next();
    assertThat(again.getData()).isEqualTo(letter.getData());
    assertThat(again.metaData().streamSequence()).isGreaterThan(letter.metaData().streamSequence());
    assertFails("There is no dead letter", "show", number(letter));
  }

  @Test
  void anotherUsersTurnIsLeftAlone() throws Exception {
    stack.vllm.script(asked -> Reply.of("Mine."));
    Map<String, Object> request = Client.request("mine");
    client.ask(request);
    String thief = "thief-" + UUID.randomUUID();
    client.send(thief, Client.pack(request));
    String letter = number(letters.next());
    settled(thief);

    assertFails("belongs to another user", "replay", letter);
    assertFails("belongs to another user", "replay", letter, "--force");

    assertThat(storedAnswer((String) request.get("request_id"))).containsEntry("response", "Mine.");
    assertThat(client.ask(request).text()).isEqualTo("Mine.");
    assertSucceeds("show", letter);
  }

  @Test
  void whatWasAnsweredSinceIsAnsweredAnewOnlyByForce() throws Exception {
    Map<String, Object> request = Client.request("Once more");
    String id = (String) request.get("request_id");
    Message letter = failed(request);
    stack.vllm.script(asked -> Reply.of("First."));
    client.listen(id, () -> assertSucceeds("replay", number(letter)));
    settled(client.user);
    String left = copy(letter, letter.getHeaders());

    assertFails("has been answered successfully", "replay", left);
    assertThat(storedAnswer(id)).containsEntry("response", "First.");

    stack.vllm.script(asked -> Reply.of("Second."));
    Asked forced = client.listen(id, () -> assertSucceeds("replay", "--force", left));
    assertThat(forced.text()).isEqualTo("Second.");
  }

  @Test
  void aReplayThatWasCutShortBeforeItsRequestWasSentCanBeRepeated() throws Exception {
    Map<String, Object> request = Client.request("Cut short");
    String id = (String) request.get("request_id");
    Message letter = failed(request);
    new TurnReopening(stack.nats, new MsgpackCodec())
        .reopen(
            id,
            client.user,
            "AI_CHAT/" + letter.getHeaders().getFirst("Dlq-Stream-Sequence"),
            "ai.chat.response",
            false);
    stack.vllm.script(asked -> Reply.of("Whole."));

    Asked replayed = client.listen(id, () -> assertSucceeds("replay", number(letter)));

    assertThat(replayed.text()).isEqualTo("Whole.");
  }

  @Test
  void aReplayThatWasCutShortBeforeItsLetterWasDeletedSendsNothingTwice() throws Exception {
    Map<String, Object> request = Client.request("In work");
    String id = (String) request.get("request_id");
    Message letter = failed(request);
    CountDownLatch refused = new CountDownLatch(1);
    stack.vllm.script(
        asked -> {
          DeliveryTest.awaitQuietly(refused);
          return Reply.of("Once.");
        });
    int before = stack.vllm.requests().size();

    Asked replayed =
        client.listen(
            id,
            () -> {
              assertSucceeds("replay", number(letter));
              await().until(() -> stack.vllm.requests().size() > before);
              String left = copy(letter, letter.getHeaders());
              try {
                assertFails("is in work", "replay", left, "--force");
              } finally {
                refused.countDown();
              }
            });

    assertThat(replayed.text()).isEqualTo("Once.");
    assertThat(stack.vllm.requests()).hasSize(before + 1);
  }

  @Test
  void whatCannotBeDecodedIsShownInHexAndReplayedOnlyByForce() throws Exception {
    byte[] payload = {(byte) 0xc1, 'o', 'd', 'd', 0x1b};
    client.send(client.user, payload);
    String letter = number(letters.next());
    settled(client.user);

    assertThat(assertSucceeds("show", letter))
        .contains("Not valid MessagePack")
        .contains("c1 6f 64 64 1b")
        .contains(".odd.");
    assertSucceeds("show", letter, "-o", "request.bin");
    assertThat(Files.readAllBytes(folder.resolve("request.bin"))).isEqualTo(payload);
    assertFails("cannot be decoded and would fail again", "replay", letter);
    assertSucceeds("replay", letter, "--force");
    assertThat(letters.next().getData()).isEqualTo(payload);
  }

  @Test
  void aLetterDoesNotSayWhereToPublish() throws Exception {
    Message letter = failed(Client.request("Steer"));
    Headers headers = new Headers(letter.getHeaders());
    headers.put("Dlq-Subject", "$JS.API.STREAM.PURGE.AI_DLQ");
    String steering = copy(letter, headers);

    assertFails("name no request", "replay", steering, "--force");

    assertSucceeds("show", number(letter));
  }

  @Test
  void aLetterDoesNotDriveTheTerminal() throws Exception {
    Map<String, Object> request = Client.request("\u001b[2J\u009b2J\u202e\nüber 🚀");
    request.put("top_k", 0);
    Message letter = refused(request);
    Headers headers = new Headers(letter.getHeaders());
    headers.put("Dlq-Reason", "tab\there");
    String copy = copy(letter, headers);

    for (String shown :
        List.of(
            assertSucceeds("show", copy),
            assertSucceeds("show", copy, "--json"),
            assertSucceeds("list", "--limit", "1"),
            assertSucceeds("list", "--limit", "1", "--json"))) {
      assertThat(shown).doesNotContain("\u001b", "\u009b", "\u202e", "\t").contains("here");
    }
    assertThat(assertSucceeds("show", copy)).contains("\\u001B[2J\\u009b2J\\u202e\\nüber 🚀");
    JsonNode json = JSON.readTree(assertSucceeds("show", copy, "--json"));
    assertThat(json.path("payload").path("message").asText()).isEqualTo(request.get("message"));
  }

  @Test
  void listsTheNewestLast() throws Exception {
    Map<String, Object> request = Client.request("listed");
    request.put("user_id", "somebody-else");
    refused(request);
    Message rejected = failed(Client.request("hidden"));
    request.put("request_id", UUID.randomUUID().toString());
    Message last = refused(request);

    String table = assertSucceeds("list", "--code", "user_mismatch", "--limit", "1");
    List<JsonNode> objects =
        assertSucceeds("list", "--family", "chat", "--limit", "2", "--json")
            .lines()
            .filter(line -> line.startsWith("{"))
            .map(DlqTest::json)
            .toList();

    assertThat(table)
        .contains(number(last))
        .contains((String) request.get("request_id"))
        .contains("user_id is not the user of the subject")
        .contains("older ones are not shown")
        .doesNotContain("rejected");
    assertThat(objects)
        .extracting(letter -> letter.path("number").asText())
        .containsExactly(number(rejected), number(last));
    assertThat(objects.get(0).path("code").asText()).isEqualTo("rejected");
    assertThat(objects.get(0).path("subject").asText())
        .isEqualTo("ai.chat.user." + client.user + ".message");
    assertThat(assertSucceeds("list", "--family", "pipeline", "--code", "user_mismatch"))
        .contains("No dead letters.");
  }

  @Test
  void replaysAllThatAFilterLeaves() throws Exception {
    assertSucceeds("purge", "--all", "--yes");
    Map<String, Object> mismatch = Client.request("other");
    mismatch.put("user_id", "somebody-else");
    String stays = number(refused(mismatch));
    Map<String, Object> request = Client.request("all");
    failed(request);
    failed(Client.request("all of them"));
    stack.vllm.script(asked -> Reply.of("Done."));

    String output = assertSucceeds("replay", "--all", "--code", "rejected");

    assertThat(output).contains("1/2", "2/2", "2 replayed, 0 not");
    settled(client.user);
    assertThat(storedAnswer((String) request.get("request_id"))).containsEntry("success", true);
    assertThat(assertSucceeds("list")).contains(stays).doesNotContain("rejected");
  }

  @Test
  void purgesWhatItIsToldTo() throws Exception {
    String first = number(failed(Client.request("first")));
    String second = number(failed(Client.request("second")));

    assertFails("There is no dead letter 999999", "purge", first, "999999");
    assertFails("There is no dead letter", "show", first);
    assertThat(assertSucceeds("purge", "--all", "--older-than", "1d", "--yes"))
        .contains("0 deleted");
    assertThat(assertSucceeds("purge", "--all", "--code", "too_large", "--yes"))
        .contains("deleted");
    assertThat(dlq("purge", "--all").exit()).isEqualTo(2);
    assertThat(dlq("purge", "--all", second, "--yes").exit()).isEqualTo(2);
    assertThat(dlq("purge", second, "--older-than", "1d").exit()).isEqualTo(2);
    assertSucceeds("show", second);
    assertSucceeds("purge", "--all", "--yes");
    assertThat(assertSucceeds("list")).contains("No dead letters.");
  }

  /** The dead letter of a request that the model server refuses. */
  private Message failed(Map<String, Object> request) throws Exception {
    stack.vllm.script(asked -> Reply.failing(400));
    return refused(request);
  }

  private Message refused(Map<String, Object> request) throws Exception {
    assertThat(client.ask(request).response()).containsEntry("success", false);
    Message letter = letters.next();
    settled(client.user);
    return letter;
  }

  /** Until no request of the user is in work any more. */
  private void settled(String user) {
    await().until(() -> stack.stored("AI_CHAT", "ai.chat.user." + user + ".message") == 0);
  }

  /** The letter once more, as a replay leaves it that does not come to its end. */
  private String copy(Message letter, Headers headers) throws Exception {
    Headers others = new Headers(headers);
    others.remove("Nats-Msg-Id");
    stack.nats.jetStream().publish("ai.dlq.chat", others, letter.getData());
    return number(letters.next());
  }

  private static String number(Message letter) {
    return Long.toString(letter.metaData().streamSequence());
  }

  private Map<String, Object> storedAnswer(String id) throws Exception {
    MessageInfo stored =
        stack.nats.jetStreamManagement().getLastMessage("AI_RESPONSES", "ai.chat.response." + id);
    return Client.read(stored.getData(), "chat-response");
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (Exception e) {
      throw new IllegalStateException(line, e);
    }
  }

  private String assertSucceeds(String... arguments) throws Exception {
    Result result = dlq(arguments);
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }

  private void assertFails(String reason, String... arguments) throws Exception {
    Result result = dlq(arguments);
    assertThat(result.exit()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(reason);
  }

  private Result dlq(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "dlq";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return command.run(all);
  }
}
