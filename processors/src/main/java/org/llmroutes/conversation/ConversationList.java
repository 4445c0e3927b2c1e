package org.llmroutes.conversation;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmroutes.valkey.ValkeyClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.Tuple;

/** Shows a user's conversations as JSON has them. Fails as {@link ConversationStore} does. */
public final class ConversationList {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ValkeyClient valkey;

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
    } catch (JedisException e) {
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

    static Place of(Tuple entry) {
      return new Place((long) entry.getScore(), entry.getElement());
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
    for (int offset = 0; found.size() < count; offset += count) {
      List<Tuple> entries =
          valkey.ask(COMMANDS.zrevrangeByScoreWithScores(list, begin.millis(), 0, offset, count));
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
    List<String> titles =
        valkey.ask(
            COMMANDS.mget(
                places.stream()
                    .map(place -> ConversationKeys.of(user, place.session()).title())
                    .toArray(String[]::new)));
    List<Map<String, Object>> conversations = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      // one without a title has just expired
      if (titles.get(i) != null) {
        Map<String, Object> conversation = new LinkedHashMap<>();
        conversation.put("session_id", places.get(i).session());
        conversation.put("title", titles.get(i));
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
      List<Tuple> order = valkey.ask(COMMANDS.zrangeWithScores(keys.order(), 0, -1));
      if (order.isEmpty()) {
        return List.of();
      }
      String[] ids = order.stream().map(Tuple::getElement).toArray(String[]::new);
      List<String> turns = valkey.ask(COMMANDS.hmget(keys.turns(), ids));
      List<String> sources = valkey.ask(COMMANDS.hmget(keys.sources(), ids));
      List<Map<String, Object>> shown = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        if (turns.get(i) != null) {
          Map<String, Object> turn = new LinkedHashMap<>();
          turn.put("request_id", ids[i]);
          turn.put("timestamp", time((long) order.get(i).getScore()));
          turn.putAll(JSON.readValue(turns.get(i), new TypeReference<Map<String, Object>>() {}));
          String json = Objects.requireNonNullElse(sources.get(i), "[]");
          turn.put("sources", JSON.readValue(json, List.class));
          shown.add(turn);
        }
      }
      return shown;
    } catch (JedisException | JsonProcessingException e) {
      throw ConversationStore.unavailable(e);
    }
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
