package org.llmroutes.forget;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.deadletters.DeadLetters;
import org.llmroutes.identity.Memberships;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.msgpack.TopLevelFields;
import org.llmroutes.nats.StoredMessages;
import org.llmroutes.nats.StreamReader;
import org.llmroutes.speech.AudioStore;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnOpening;

/**
 * Deletes what is kept of a user. Response subjects carry no user, so that answers are found by
 * what they say and by the ledger. Requests that wait or are in work are left, since somebody waits
 * for their answers.
 */
public final class Forgetting {
  private static final List<String> FAMILIES = List.of("chat", "voice");
  private static final Set<String> ID = Set.of("request_id");

  private final Connection connection;
  private final ConversationStore conversations;
  private final Person person;
  private final Set<String> ids = new HashSet<>();
  private final Set<String> owed = new HashSet<>();
  private final List<Long> letters = new ArrayList<>();

  public Forgetting(Connection connection, ConversationStore conversations, Person person) {
    this.connection = connection;
    this.conversations = conversations;
    this.person = person;
  }

  /**
   * @return how many of each kind were deleted
   */
  public Map<String, Long> forget()
      throws IOException, JetStreamApiException, InterruptedException {
    find();
    Map<String, Long> deleted = new LinkedHashMap<>();
    deleted.put("conversations", conversations.forget(person.user(), person.session()));
    deleteTurns(deleted);
    deleted.put("dead letters", deleteLetters());
    String sessions = person.session() == null ? "*" : person.session();
    deleted.put(
        "voice sessions",
        purge("KV_voice-sessions", "$KV.voice-sessions." + person.user() + "." + sessions));
    if (person.session() == null) {
      deleted.put("groups", forgetGroups());
    }
    deleted.put("audio objects", new AudioStore(connection).delete(this::isAudio));
    return deleted;
  }

  /** Requests that were left; known once all else is forgotten. */
  public int owed() {
    return owed.size();
  }

  private void find() throws IOException, JetStreamApiException, InterruptedException {
    findOwed("AI_CHAT", "ai.chat.user." + person.user() + ".message");
    findOwed("AI_VOICE", "ai.voice.user." + person.user() + ".request");
    TurnLedger ledger = new TurnLedger(connection, new MsgpackCodec());
    ids.addAll(
        ledger.requestsOf(
            person.user(),
            answer -> answer == null ? person.session() == null : person.answered(answer)));
    read(
        "AI_RESPONSES",
        response -> {
          if (!response.getSubject().startsWith("ai.pipeline.")
              && person.answered(response.getData())) {
            ids.add(requestId(response.getData()));
          }
        });
    read("AI_DLQ", this::noteLetter);
    ids.removeAll(owed);
    ids.remove("");
  }

  /** One by one, since nobody but its consumer may read along in a work queue. */
  private void findOwed(String stream, String subject) throws IOException, JetStreamApiException {
    JetStreamManagement management = connection.jetStreamManagement();
    Optional<MessageInfo> request = next(management, stream, 1, subject);
    while (request.isPresent()) {
      byte[] payload = request.get().getData();
      if (payload != null && person.asked(subject, payload)) {
        owed.add(requestId(payload));
      }
      request = next(management, stream, request.get().getSeq() + 1, subject);
    }
  }

  private static Optional<MessageInfo> next(
      JetStreamManagement management, String stream, long from, String subject)
      throws IOException, JetStreamApiException {
    return StoredMessages.find(() -> management.getNextMessage(stream, from, subject));
  }

  private void noteLetter(Message letter) {
    String subject = letter.hasHeaders() ? letter.getHeaders().getFirst("Dlq-Subject") : null;
    if (subject != null && person.sent(subject, letter.getData())) {
      // its request id can be another user's
      letters.add(letter.metaData().streamSequence());
    }
  }

  /** Empty where it has none that can be read. */
  private static String requestId(byte[] payload) {
    return TurnOpening.token(TopLevelFields.read(payload, ID).get("request_id")).orElse("");
  }

  private void deleteTurns(Map<String, Long> deleted) throws IOException, JetStreamApiException {
    List.of("requests", "answers", "chunks").forEach(what -> deleted.put(what, 0L));
    for (String id : ids) {
      deleted.merge("requests", purge("KV_turns", "$KV.turns." + id), Long::sum);
      for (String family : FAMILIES) {
        String response = "ai." + family + ".response.";
        deleted.merge("answers", purge("AI_RESPONSES", response + id), Long::sum);
        deleted.merge("chunks", purge("AI_STREAMS", response + "stream." + id), Long::sum);
      }
    }
  }

  private long deleteLetters() throws IOException, JetStreamApiException {
    DeadLetters all = new DeadLetters(connection);
    long deleted = 0;
    for (long number : letters) {
      deleted += all.delete(number) ? 1 : 0;
    }
    return deleted;
  }

  /** Told to every instance first; a purge alone tells nobody, and the telling keeps the name. */
  private long forgetGroups() throws IOException, JetStreamApiException {
    boolean known = new Memberships(connection).remove(person.user());
    purge("KV_principals", "$KV.principals.*." + person.user());
    return known ? 1 : 0;
  }

  /** Objects are named {@code {user}/{request_id}}, those of answers with more after a dot. */
  private boolean isAudio(String name) {
    String user = person.user() + "/";
    String id = name.substring(name.indexOf('/') + 1).replaceFirst("\\..*", "");
    return name.startsWith(user)
        && !owed.contains(id)
        && (person.session() == null || ids.contains(id));
  }

  private void read(String stream, Consumer<Message> onMessage)
      throws IOException, JetStreamApiException, InterruptedException {
    StreamReader.read(
        connection.getStreamContext(stream), new OrderedConsumerConfiguration(), onMessage);
  }

  private long purge(String stream, String subject) throws IOException, JetStreamApiException {
    return connection
        .jetStreamManagement()
        .purgeStream(stream, PurgeOptions.subject(subject))
        .getPurged();
  }
}
