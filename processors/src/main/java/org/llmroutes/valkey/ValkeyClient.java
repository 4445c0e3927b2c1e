package org.llmroutes.valkey;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.stream.Stream;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Asks Valkey on the calling thread, each time over a connection that nobody else uses meanwhile;
 * connections are kept for the next command. One that was closed while it rested is replaced, and
 * the command is sent again. While Valkey is away every command fails at once, with a {@link
 * JedisException}. Safe for concurrent use.
 */
public final class ValkeyClient implements AutoCloseable {
  /** What can be asked. */
  public static final CommandObjects COMMANDS = new CommandObjects(ValkeyAddress.PROTOCOL);

  private static final long PAUSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final ValkeyAddress address;
  private final Deque<ValkeyConnection> resting = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;
  private volatile long failedAt = System.nanoTime() - PAUSE_NANOS;

  public ValkeyClient(ValkeySettings settings) {
    address = ValkeyAddress.of(settings);
  }

  /** Makes the first connection, so that no command has to. */
  public void connect() {
    keep(open());
  }

  public <T> T ask(CommandObject<T> command) {
    return traced(command, 1, connection -> connection.executeCommand(command));
  }

  /**
   * Has scripts carried out one after the other, in one trip; in two where the server has forgotten
   * one, which may be carried out twice then.
   *
   * @param meanwhile what is done once they are sent, until they are answered; twice where they are
   *     sent again
   * @return what each gives
   * @throws JedisDataException the server's complaint about the first that it refused, once all are
   *     done
   */
  public List<Object> run(Runnable meanwhile, Script.Call... calls) {
    List<CommandObject<Object>> known = Stream.of(calls).map(Script.Call::byDigest).toList();
    return traced(
        known.get(0),
        calls.length,
        connection -> {
          List<Object> answers = answers(connection, known, meanwhile);
          if (answers.stream().anyMatch(JedisNoScriptException.class::isInstance)) {
            answers =
                answers(connection, Stream.of(calls).map(Script.Call::byText).toList(), () -> {});
          }
          for (Object answer : answers) {
            if (answer instanceof JedisDataException refusal) {
              throw refusal;
            }
          }
          return answers.stream().map(BuilderFactory.AGGRESSIVE_ENCODED_OBJECT::build).toList();
        });
  }

  /** The same with nothing to do meanwhile. */
  public List<Object> run(Script.Call... calls) {
    return run(() -> {}, calls);
  }

  private static List<Object> answers(
      ValkeyConnection connection, List<CommandObject<Object>> commands, Runnable meanwhile) {
    commands.forEach(command -> connection.sendCommand(command.getArguments()));
    connection.flush();
    meanwhile.run();
    return connection.getMany(commands.size());
  }

  /** With a span that has neither keys nor values. */
  private <T> T traced(CommandObject<?> first, int commands, Function<ValkeyConnection, T> work) {
    if (!Tracing.isOn()) {
      return using(work);
    }
    String operation = first.getArguments().getCommand().toString();
    Span span =
        Tracing.current()
            .begin(Span.Kind.CLIENT, "valkey " + operation)
            .set(Names.DB_SYSTEM, "valkey")
            .set(Names.DB_OPERATION, operation);
    if (commands > 1) {
      span.set(Names.DB_BATCH_SIZE, commands);
    }
    try {
      return using(work);
    } catch (JedisException e) {
      span.fail(e);
      throw e;
    } finally {
      span.end();
    }
  }

  private <T> T using(Function<ValkeyConnection, T> work) {
    ValkeyConnection rested = resting.pollFirst();
    if (rested != null) {
      try {
        return using(rested, work);
      } catch (JedisConnectionException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
        // whatever closed it has closed the others, too
        dropResting();
      }
    }
    return using(open(), work);
  }

  private <T> T using(ValkeyConnection connection, Function<ValkeyConnection, T> work) {
    boolean consistent = false;
    try {
      T answer = work.apply(connection);
      consistent = true;
      return answer;
    } catch (JedisDataException e) {
      consistent = true;
      throw e;
    } finally {
      if (consistent) {
        keep(connection);
      } else {
        drop(connection);
      }
    }
  }

  private ValkeyConnection open() {
    if (System.nanoTime() - failedAt < PAUSE_NANOS) {
      throw new JedisConnectionException("Valkey could not be reached a moment ago");
    }
    try {
      return new ValkeyConnection(address);
    } catch (JedisException e) {
      // an interrupt says nothing about Valkey
      if (!Thread.currentThread().isInterrupted()) {
        failedAt = System.nanoTime();
      }
      throw e;
    }
  }

  private void keep(ValkeyConnection connection) {
    resting.addFirst(connection);
    if (closed) {
      dropResting();
    }
  }

  private void dropResting() {
    for (ValkeyConnection one = resting.pollFirst(); one != null; one = resting.pollFirst()) {
      drop(one);
    }
  }

  private static void drop(ValkeyConnection connection) {
    try {
      connection.disconnect();
    } catch (JedisConnectionException e) {
      // it is closed all the same
      return;
    }
  }

  @Override
  public void close() {
    closed = true;
    dropResting();
  }
}
