package org.llmroutes.gateway;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.valkey.Script;
import org.llmroutes.valkey.ValkeyClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * How much one user may ask for, counted in Valkey over all instances, by its clock. A turn in work
 * counts until its answer, at most until its deadline, so that none is left over where an instance
 * dies. While Valkey is away everybody is admitted. Safe for concurrent use.
 */
final class Quotas implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  /** Turns in work end soon; a client that waits this long asks neither too often nor too late. */
  private static final long SECONDS_FOR_A_TURN = 5;

  /**
   * KEYS: turns in work by when they end, counts. ARGV: request id, 1 for what counts, ms that a
   * turn takes at most or 0 for what is none, bytes that are sent, the limits, and what is sent.
   * Gives which limit was met, or 0, and when it ends.
   */
  private static final Script ADMIT =
      new Script(
          """
      local time = redis.call('TIME')
      local seconds = tonumber(time[1])
      local now = seconds * 1000 + math.floor(tonumber(time[2]) / 1000)
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
      if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return {0, 0} end
      local minute = tostring(math.floor(seconds / 60))
      local day = tostring(math.floor(seconds / 86400))
      local counts = redis.call('HMGET', KEYS[2], 'minute', 'turns', ARGV[8] .. '-day', ARGV[8])
      local counted = tonumber(ARGV[2])
      local turn = ARGV[3] ~= '0'
      local turns = (counts[1] == minute and tonumber(counts[2]) or 0) + counted
      local sent = (counts[3] == day and tonumber(counts[4]) or 0) + tonumber(ARGV[4])
      local function over(value, limit) return tonumber(limit) > 0 and value > tonumber(limit) end
      if counted == 1 and over(turns, ARGV[5]) then return {1, 60 - seconds % 60} end
      if turn and over(redis.call('ZCARD', KEYS[1]) + 1, ARGV[6]) then return {2, 0} end
      if ARGV[4] ~= '0' and over(sent, ARGV[7]) then return {3, 86400 - seconds % 86400} end
      redis.call('HSET', KEYS[2], 'minute', minute, 'turns', turns, ARGV[8] .. '-day', day, ARGV[8], string.format('%.0f', sent))
      redis.call('EXPIRE', KEYS[2], 86400)
      if turn then
        redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
        redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[3])))
      end
      return {0, 0}
      """);

  private final ValkeyClient valkey;
  private final Limits limits;
  private final ExecutorService releases = releases();
  private volatile boolean away;
  private volatile long failedAt = System.nanoTime() - PAUSE_NANOS;

  /**
   * Of one user; 0 for none.
   *
   * @param turnTimeout how long a turn takes at most that does not say so itself
   */
  record Limits(
      int turnsPerMinute,
      int turnsAtOnce,
      long audioBytesPerDay,
      long documentBytesPerDay,
      Duration turnTimeout) {}

  /** What a request is to the limits. */
  enum Kind {
    /** A question, which is in work until it has its answer. */
    TURN,
    /** One that is answered at once by a call of a model. */
    CALL,
    /** One for what is there. */
    LOOK
  }

  /** What a request brings along. */
  private record Load(String kind, long bytes, long limit) {}

  Quotas(ValkeyClient valkey, Limits limits) {
    this.valkey = valkey;
    this.limits = limits;
  }

  /** One thread, where there is anything to do: event loops release, and must not wait. */
  private static ExecutorService releases() {
    return new ThreadPoolExecutor(
        0,
        1,
        10,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, "quota-releases");
          thread.setDaemon(true);
          return thread;
        },
        new ThreadPoolExecutor.DiscardPolicy());
  }

  static Quotas of(Settings settings) {
    return new Quotas(
        new ValkeyClient(PlatformServices.load(settings).valkey()),
        new Limits(
            settings.getInt("quota.turns-per-minute"),
            settings.getInt("quota.turns-at-once"),
            settings.getLong("quota.audio-bytes-per-day"),
            settings.getLong("quota.document-bytes-per-day"),
            settings.getDuration("turn.timeout.default")));
  }

  Limits limits() {
    return limits;
  }

  /**
   * Counts a request, unless it is one that is in work.
   *
   * @throws HttpProblem 429 where that is too much
   */
  void admit(String userId, String requestId, Map<String, Object> request, Kind kind) {
    Load load = load(request);
    if (kind == Kind.LOOK && load.bytes() == 0 || System.nanoTime() - failedAt < PAUSE_NANOS) {
      return;
    }
    List<?> verdict;
    try {
      verdict =
          (List<?>)
              valkey
                  .run(
                      ADMIT.on(
                          List.of(inWork(userId), counts(userId)),
                          List.of(
                              requestId,
                              kind == Kind.LOOK ? "0" : "1",
                              kind == Kind.TURN ? Long.toString(timeoutMillis(request)) : "0",
                              Long.toString(load.bytes()),
                              Integer.toString(limits.turnsPerMinute()),
                              Integer.toString(limits.turnsAtOnce()),
                              Long.toString(load.limit()),
                              load.kind())))
                  .get(0);
    } catch (JedisException e) {
      failed(e);
      return;
    }
    if (away) {
      away = false;
      LOG.info("Quotas are counted again");
    }
    refuse(((Long) verdict.get(0)).intValue(), (Long) verdict.get(1), load);
  }

  private void refuse(int limit, long seconds, Load load) {
    switch (limit) {
      case 1 ->
          throw HttpProblem.overQuota(
              "More than " + limits.turnsPerMinute() + " requests in a minute", seconds);
      case 2 ->
          throw HttpProblem.overQuota(
              limits.turnsAtOnce() + " of your requests are in work", SECONDS_FOR_A_TURN);
      case 3 ->
          throw HttpProblem.overQuota(
              "More than " + load.limit() + " bytes of " + load.kind() + " in a day", seconds);
      default -> {} // admitted
    }
  }

  private Load load(Map<String, Object> request) {
    if (request.get("file") instanceof Upload document) {
      return new Load("documents", document.bytes().length, limits.documentBytesPerDay());
    }
    long audio = request.values().stream().mapToLong(Quotas::bytes).sum();
    return new Load("audio", audio, limits.audioBytesPerDay());
  }

  private static long bytes(Object value) {
    if (value instanceof Upload file) {
      return file.bytes().length;
    }
    return value instanceof byte[] bytes ? bytes.length : 0;
  }

  private long timeoutMillis(Map<String, Object> request) {
    return request.get("timeout_ms") instanceof Number asked && asked.longValue() > 0
        ? asked.longValue()
        : limits.turnTimeout().toMillis();
  }

  /** A request has its answer; from any thread. */
  void release(String userId, String requestId) {
    if (away) {
      return;
    }
    releases.execute(
        () -> {
          try {
            valkey.ask(COMMANDS.zrem(inWork(userId), requestId));
          } catch (JedisException e) {
            LOG.debug("Not released; it ends with its deadline", e);
          }
        });
  }

  private void failed(JedisException e) {
    failedAt = System.nanoTime();
    if (!away) {
      away = true;
      LOG.warn("Valkey is away, so nobody's requests are limited: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    releases.shutdown();
    valkey.close();
  }

  /** In braces what a cluster of Valkey puts into one place. */
  private static String inWork(String userId) {
    return "quota:{" + userId + "}:in-work";
  }

  private static String counts(String userId) {
    return "quota:{" + userId + "}:counts";
  }
}
