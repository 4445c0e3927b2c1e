package org.llmroutes.conversation;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.valkey.Script;
import org.llmroutes.valkey.ValkeyClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Conversations in Valkey, one per user and session: turns ordered by when their requests arrived,
 * bounded in number, expiring after a time without a new one. Appending is idempotent by request
 * id. With Valkey away every call fails at once with a {@link StepException} of step {@code
 * history}.
 */
public final class ConversationStore implements AutoCloseable {
  /**
   * KEYS: order, turns, sources, title. ARGV: request id, turn, arrival in ms, most turns, ms to
   * live, sources, title.
   */
  private static final Script APPEND =
      new Script(
          """
      if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 1 then
        redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
        redis.call('HSET', KEYS[3], ARGV[1], ARGV[6])
        redis.call('SET', KEYS[4], ARGV[7], 'NX')
        local excess = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
        if excess > 0 then
          local oldest = redis.call('ZPOPMIN', KEYS[1], excess)
          for i = 1, #oldest, 2 do
            redis.call('HDEL', KEYS[2], oldest[i])
            redis.call('HDEL', KEYS[3], oldest[i])
          end
        end
      end
      for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
      return 1
      """);

  /** KEYS: list. ARGV: session, arrival in ms, ms to live, end of those that have expired. */
  private static final Script LIST =
      new Script(
          """
      redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
      return redis.call('PEXPIRE', KEYS[1], ARGV[3])
      """);

  /** KEYS: order, turns. ARGV: how many of the newest. */
  private static final Script NEWEST =
      new Script(
          """
      local ids = redis.call('ZRANGE', KEYS[1], -tonumber(ARGV[1]), -1)
      if #ids == 0 then return {} end
      return redis.call('HMGET', KEYS[2], unpack(ids))
      """);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectReader TURN = JSON.readerFor(SavedTurn.class);

  private final ValkeyClient valkey;
  private final int maxTurns;
  private final Duration timeToLive;

  /**
   * @param maxTurns turns kept of one conversation
   * @param timeToLive how long a conversation lives after its newest turn
   */
  public ConversationStore(ValkeySettings valkey, int maxTurns, Duration timeToLive) {
    this.valkey = new ValkeyClient(valkey);
    this.maxTurns = maxTurns;
    this.timeToLive = timeToLive;
  }

  /** Connects before the first turn needs it, where Valkey is there. */
  public void connectAhead() {
    try {
      valkey.connect();
    } catch (JedisException e) {
      // tried again by whoever needs it
      return;
    }
  }

  /**
   * Adds a turn; the same request id again changes nothing.
   *
   * @param sources of its answer, as the response has them
   * @param meanwhile what is done once the turn is on its way; perhaps twice, or never where it
   *     cannot be sent
   */
  public void append(
      String user,
      String session,
      String requestId,
      long arrivedMillis,
      SavedTurn turn,
      List<?> sources,
      Runnable meanwhile) {
    try {
      valkey.run(
          meanwhile,
          APPEND.on(
              ConversationKeys.of(user, session).all(),
              List.of(
                  requestId,
                  JSON.writeValueAsString(turn),
                  Long.toString(arrivedMillis),
                  Integer.toString(maxTurns),
                  Long.toString(timeToLive.toMillis()),
                  JSON.writeValueAsString(sources),
                  ConversationTitle.of(turn.question()))),
          LIST.on(
              List.of(ConversationKeys.listOf(user)),
              List.of(
                  session,
                  Long.toString(arrivedMillis),
                  Long.toString(timeToLive.toMillis()),
                  Long.toString(System.currentTimeMillis() - timeToLive.toMillis()))));
    } catch (JedisException e) {
      throw unavailable(e);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A turn is always JSON", e);
    }
  }

  /**
   * Keeps of an answer only what was heard; where the turn is not there, or was cut off before it,
   * nothing changes.
   *
   * @param codePoints of the answer
   */
  void cutOff(String user, String session, String requestId, int codePoints) {
    String turns = ConversationKeys.of(user, session).turns();
    try {
      String saved = valkey.ask(COMMANDS.hget(turns, requestId));
      if (saved != null) {
        SavedTurn cut = TURN.<SavedTurn>readValue(saved).cutOffAt(codePoints);
        valkey.ask(COMMANDS.hset(turns, requestId, JSON.writeValueAsString(cut)));
      }
    } catch (JedisException | JsonProcessingException e) {
      throw unavailable(e);
    }
  }

  /**
   * Gives a conversation another title.
   *
   * @param title may be long; it is shown in one line and cut like a first question
   * @return whether there is such a conversation
   */
  public boolean rename(String user, String session, String title) {
    String key = ConversationKeys.of(user, session).title();
    try {
      SetParams asLongAsTheRest = SetParams.setParams().xx().keepTtl();
      return valkey.ask(COMMANDS.set(key, ConversationTitle.of(title), asLongAsTheRest)) != null;
    } catch (JedisException e) {
      throw unavailable(e);
    }
  }

  /** The newest turns, oldest first. */
  public List<SavedTurn> newest(String user, String session, int turns) {
    try {
      List<?> found =
          (List<?>)
              valkey
                  .run(
                      NEWEST.on(
                          ConversationKeys.of(user, session).all(),
                          List.of(Integer.toString(turns))))
                  .get(0);
      List<SavedTurn> saved = new ArrayList<>(found.size());
      for (Object json : found) {
        saved.add(TURN.readValue((String) json));
      }
      return saved;
    } catch (JedisException | JsonProcessingException e) {
      throw unavailable(e);
    }
  }

  /**
   * Deletes conversations.
   *
   * @param session the one that is meant, or null for all of the user
   * @return how many there were
   */
  public long forget(String user, String session) {
    try {
      String list = ConversationKeys.listOf(user);
      if (session != null) {
        valkey.ask(COMMANDS.zrem(list, session));
        return Math.min(1, delete(ConversationKeys.of(user, session).all()));
      }
      Set<String> found = allOf(user);
      if (!found.isEmpty()) {
        delete(found);
      }
      delete(List.of(list));
      return found.stream().map(key -> key.replaceFirst(":[a-z]+$", "")).distinct().count();
    } catch (JedisException e) {
      throw unavailable(e);
    }
  }

  private Set<String> allOf(String user) {
    ScanParams ofUser = new ScanParams().match(ConversationKeys.allOf(user)).count(1000);
    Set<String> found = new HashSet<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> some = valkey.ask(COMMANDS.scan(cursor, ofUser));
      found.addAll(some.getResult());
      cursor = some.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    return found;
  }

  private long delete(Collection<String> keys) {
    return valkey.ask(COMMANDS.del(keys.toArray(String[]::new)));
  }

  /** What else reads conversations. */
  ValkeyClient valkey() {
    return valkey;
  }

  static StepException unavailable(Exception cause) {
    return new StepException("history", ErrorCode.UNAVAILABLE, "Valkey cannot be reached", cause);
  }

  @Override
  public void close() {
    valkey.close();
  }
}
