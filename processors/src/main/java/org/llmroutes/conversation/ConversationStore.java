package org.llmroutes.conversation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * Conversations in Valkey, one per user and session: turns ordered by when their requests arrived,
 * bounded in number, expiring after a time without a new one. Appending is idempotent by request
 * id. With Valkey away every call fails at once with a {@link StepException} of step {@code
 * history}.
 */
public final class ConversationStore implements AutoCloseable {
  /** KEYS: order, turns. ARGV: request id, turn, arrival in ms, most turns, ms to live. */
  private static final String APPEND =
      """
      if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 1 then
        redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
        local excess = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
        if excess > 0 then
          local oldest = redis.call('ZPOPMIN', KEYS[1], excess)
          for i = 1, #oldest, 2 do redis.call('HDEL', KEYS[2], oldest[i]) end
        end
      end
      redis.call('PEXPIRE', KEYS[1], ARGV[5])
      redis.call('PEXPIRE', KEYS[2], ARGV[5])
      return 1
      """;

  /** KEYS: order, turns. ARGV: how many of the newest. */
  private static final String NEWEST =
      """
      local ids = redis.call('ZRANGE', KEYS[1], -tonumber(ARGV[1]), -1)
      if #ids == 0 then return {} end
      return redis.call('HMGET', KEYS[2], unpack(ids))
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final RedisClient client;
  private final int maxTurns;
  private final Duration timeToLive;
  private volatile StatefulRedisConnection<String, String> connection;
  private volatile long failedAt = System.nanoTime() - PAUSE_NANOS;

  /**
   * @param url for instance {@code redis://localhost:6379}
   * @param maxTurns turns kept of one conversation
   * @param timeToLive how long a conversation lives after its newest turn
   */
  public ConversationStore(String url, int maxTurns, Duration timeToLive) {
    RedisURI uri = RedisURI.create(url);
    uri.setTimeout(TIMEOUT);
    this.client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
            .build());
    this.maxTurns = maxTurns;
    this.timeToLive = timeToLive;
  }

  /** Adds a turn; the same request id again changes nothing. */
  public void append(
      String user, String session, String requestId, long arrivedMillis, SavedTurn turn) {
    String[] keys = keys(user, session);
    try {
      connection()
          .sync()
          .eval(
              APPEND,
              ScriptOutputType.INTEGER,
              keys,
              requestId,
              JSON.writeValueAsString(turn),
              Long.toString(arrivedMillis),
              Integer.toString(maxTurns),
              Long.toString(timeToLive.toMillis()));
    } catch (RedisException e) {
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
    String turns = keys(user, session)[1];
    try {
      RedisCommands<String, String> valkey = connection().sync();
      String saved = valkey.hget(turns, requestId);
      if (saved != null) {
        SavedTurn cut = JSON.readValue(saved, SavedTurn.class).cutOffAt(codePoints);
        valkey.hset(turns, requestId, JSON.writeValueAsString(cut));
      }
    } catch (RedisException | JsonProcessingException e) {
      throw unavailable(e);
    }
  }

  /** The newest turns, oldest first. */
  public List<SavedTurn> newest(String user, String session, int turns) {
    try {
      List<String> found =
          connection()
              .sync()
              .eval(NEWEST, ScriptOutputType.MULTI, keys(user, session), Integer.toString(turns));
      List<SavedTurn> saved = new ArrayList<>(found.size());
      for (String json : found) {
        saved.add(JSON.readValue(json, SavedTurn.class));
      }
      return saved;
    } catch (RedisException | JsonProcessingException e) {
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
      RedisCommands<String, String> valkey = connection().sync();
      if (session != null) {
        return Math.min(1, valkey.del(keys(user, session)));
      }
      // no character of an id has a meaning in a pattern
      ScanArgs ofUser = ScanArgs.Builder.matches("conversation:{" + user + ":*}:*").limit(1000);
      Set<String> found = new HashSet<>();
      ScanIterator.scan(valkey, ofUser).forEachRemaining(found::add);
      if (!found.isEmpty()) {
        valkey.del(found.toArray(String[]::new));
      }
      return found.stream().map(key -> key.replaceFirst(":[a-z]+$", "")).distinct().count();
    } catch (RedisException e) {
      throw unavailable(e);
    }
  }

  /**
   * Ids are subject tokens, so that no two pairs give the same key; the braces keep both keys in
   * one cluster slot.
   */
  private static String[] keys(String user, String session) {
    String conversation = "conversation:{" + user + ":" + session + "}";
    return new String[] {conversation + ":order", conversation + ":turns"};
  }

  private StatefulRedisConnection<String, String> connection() {
    if (connection != null) {
      return connection;
    }
    synchronized (this) {
      if (connection == null) {
        if (System.nanoTime() - failedAt < PAUSE_NANOS) {
          throw unavailable(null);
        }
        try {
          connection = client.connect();
        } catch (RedisException e) {
          failedAt = System.nanoTime();
          throw unavailable(e);
        }
      }
      return connection;
    }
  }

  private static StepException unavailable(Exception cause) {
    return new StepException("history", ErrorCode.UNAVAILABLE, "Valkey cannot be reached", cause);
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
  }
}
