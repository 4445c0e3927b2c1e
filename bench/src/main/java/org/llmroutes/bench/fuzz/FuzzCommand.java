package org.llmroutes.bench.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.llmroutes.contract.Schemas;
import org.llmroutes.errors.TurnException;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.HostileRequests;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.msgpack.TopLevelFields;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whether hostile requests do harm: each is decoded and checked against the schema, or refused by a
 * known error, in bounded memory.
 */
@Command(
    name = "fuzz",
    description = {
      "Decode hostile requests and check them against their schema, as the chat route does.",
      "Exit code 1 where one ends in anything but acceptance or a known error, or takes too much memory."
    },
    mixinStandardHelpOptions = true)
public final class FuzzCommand implements Callable<Integer> {
  /** What the chat route accepts. */
  private static final int CHAT_BYTES = 512 * 1024;

  /** Eight times the largest payload. */
  private static final long MOST_BYTES = 64L << 20;

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Option(names = "--inputs", description = "Requests to try (default: ${DEFAULT-VALUE})")
  private int inputs = 1_000_000;

  @Option(names = "--seed", description = "Where they come from (default: a random one)")
  private long seed = new Random().nextInt(1_000_000);

  private final MsgpackCodec codec = new MsgpackCodec();
  private final Schemas schemas = new Schemas(Project.root().resolve("config/schemas"));
  private int accepted;
  private int refused;
  private int undecodable;

  @Override
  public Integer call() {
    System.out.printf("%,d hostile requests, seed %d%n", inputs, seed);
    HostileRequests requests = new HostileRequests(seed);
    long most = 0;
    long nanos = 0;
    for (int i = 0; i < inputs; i++) {
      byte[] payload = requests.next();
      long before = MEMORY.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        handle(payload);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw failure(i, payload, e);
      }
      nanos += System.nanoTime() - start;
      long taken = MEMORY.getCurrentThreadAllocatedBytes() - before;
      if (taken > MOST_BYTES) {
        throw failure(i, payload, new IllegalStateException("It took " + taken + " bytes"));
      }
      most = Math.max(most, taken);
    }
    System.out.printf(
        "%,d accepted, %,d refused, %,d not decodable, none unhandled%n",
        accepted, refused, undecodable);
    System.out.printf(
        "%,.0f a second; %,d KiB for the most expensive%n", inputs / (nanos / 1e9), most >> 10);
    return 0;
  }

  private void handle(byte[] payload) {
    try {
      Map<String, Object> request = codec.decodeMap(payload);
      if (payload.length <= CHAT_BYTES && schemas.violation("chat-request", request).isEmpty()) {
        schemas.withDefaults("chat-request", request);
        accepted++;
      } else {
        refused++;
      }
    } catch (TurnException e) {
      TopLevelFields.read(payload, Set.of("request_id", "session_id", "enable_streaming"));
      undecodable++;
    }
  }

  private static IllegalStateException failure(int input, byte[] payload, Throwable cause) {
    cause.printStackTrace();
    int shown = Math.min(payload.length, 128);
    return new IllegalStateException(
        "input %d of %d bytes: %s: %s"
            .formatted(input, payload.length, HexFormat.of().formatHex(payload, 0, shown), cause));
  }
}
