package org.llmroutes.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.valkey.ValkeyConnection;

/** Shows a user's conversations as JSON has them. Fails as {@link ConversationStore} does. */
public final class ConversationList {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ValkeyConnection valkey;

  public ConversationList(ConversationStore store) {
    valkey = store.valkey();
  }

  /**
   * Some of a user's conversations.
   *
   * @param conversations each {@code {session_id, title, timestamp}}, the newest first
   * @param next where the following ones begin; empty after the last
   */
  public record Page(List<Map<String, Object>> conversations, Optional<String> next) {}

  /**
   * @param from {@code next} of the page before, or null for the first
   * @throws IllegalArgumentException where {@code from} is something else
   */
  public Page page(String user, String from, int size) {
    Place begin = from == null ? Place.FIRST : Place.of(from);
    try {
      List<Place> found = places(user, begin, size + 1);
      List<Place> shown = found.subList(0, Math.min(size, found.size()));
      Optional<String> next =
          found.size() > size ? Optional.of(found.get(size).toString()) : Optional.empty();
      return new Page(titled(user, shown), next);
    } catch (RedisException e) {
      throw ConversationStore.unavailable(e);
    }
  }

  /** A conversation in the order of the list: the arrival of its newest request, in ms. */
  private record Place(long millis, String session) {
    /** After every id in the order of Valkey. */
    private static final Place FIRST = new Place(Long.MAX_VALUE, "~");

    static Place of(String text) {
      String[] parts = text.split("\\.", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException("No place in a list: " + text);
      }
      return new Place(Long.parseLong(parts[0]), parts[1]);
    }

    static Place of(ScoredValue<String> entry) {
      return new Place((long) entry.getScore(), entry.getValue());
    }

    boolean isBefore(Place begin) {
      return millis == begin.millis && session.compareTo(begin.session) > 0;
    }

    @Override
    public String toString() {
      return millis + "." + session;
    }
  }

  /** Those of the same millisecond come in the order of their names, the last one first. */
  private List<Place> places(String user, Place begin, int count) {
    String list = ConversationKeys.listOf(user);
    List<Place> found = new ArrayList<>();
    Range<Long> older = Range.create(0L, begin.millis());
    for (int offset = 0; found.size() < count; offset += count) {
      List<ScoredValue<String>> entries =
          valkey.commands().zrevrangebyscoreWithScores(list, older, Limit.create(offset, count));
      entries.stream()
          .map(Place::of)
          .filter(place -> !place.isBefore(begin))
          .limit(count - found.size())
          .forEach(found::add);
      if (entries.size() < count) {
        break;
      }
    }
    return found;
  }

  private List<Map<String, Object>> titled(String user, List<Place> places) {
    if (places.isEmpty()) {
      return List.of();
    }
    List<KeyValue<String, String>> titles =
        valkey
            .commands()
            .mget(
                places.stream()
                    .map(place -> ConversationKeys.of(user, place.session()).title())
                    .toArray(String[]::new));
    List<Map<String, Object>> conversations = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      // one without a title has just expired
      if (titles.get(i).hasValue()) {
        Map<String, Object> conversation = new LinkedHashMap<>();
        conversation.put("session_id", places.get(i).session());
        conversation.put("title", titles.get(i).getValue());
        conversation.put("timestamp", time(places.get(i).millis()));
        conversations.add(conversation);
      }
    }
    return conversations;
  }

  /**
   * All turns of a conversation, each {@code {request_id, timestamp, question, answer, cancelled,
   * sources}}, the oldest first; none where there is no such conversation.
   */
  public List<Map<String, Object>> turns(String user, String session) {
    ConversationKeys keys = ConversationKeys.of(user, session);
    try {
      RedisCommands<String, String> commands = valkey.commands();
      List<ScoredValue<String>> order = commands.zrangeWithScores(keys.order(), 0, -1);
      if (order.isEmpty()) {
        return List.of();
      }
      String[] ids = order.stream().map(ScoredValue::getValue).toArray(String[]::new);
      List<KeyValue<String, String>> turns = commands.hmget(keys.turns(), ids);
      List<KeyValue<String, String>> sources = commands.hmget(keys.sources(), ids);
      List<Map<String, Object>> shown = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        if (turns.get(i).hasValue()) {
          Map<String, Object> turn = new LinkedHashMap<>();
          turn.put("request_id", ids[i]);
          turn.put("timestamp", time((long) order.get(i).getScore()));
          turn.putAll(
              JSON.readValue(turns.get(i).getValue(), new TypeReference<Map<String, Object>>() {}));
          turn.put("sources", JSON.readValue(sources.get(i).getValueOrElse("[]"), List.class));
          shown.add(turn);
        }
      }
      return shown;
    } catch (RedisException | JsonProcessingException e) {
      throw ConversationStore.unavailable(e);
    }
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
