package org.llmroutes.local.up;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Stops what {@code ./dev up} started, and nothing else. */
@Command(
    name = "./dev down",
    description = "Stop what ./dev up started; data stays in .dev/data",
    mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {
  private static final long GRACE_SECONDS = 60;

  private final UpState state = new UpState();

  public static void main(String[] args) {
    System.exit(new CommandLine(new Down()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    List<ProcessHandle> running = state.running();
    if (running.isEmpty()) {
      System.out.println("Nothing is up.");
    }
    stopAll(state);
    if (!running.isEmpty()) {
      System.out.println("Stopped.");
    }
    state.clear();
    return 0;
  }

  /** What was started last goes first: the routes while NATS is there. */
  static void stopAll(UpState state) throws InterruptedException {
    List<ProcessHandle> running = state.running();
    for (int i = running.size() - 1; i >= 0; i--) {
      stop(running.get(i));
    }
  }

  private static void stop(ProcessHandle process) throws InterruptedException {
    process.destroy();
    try {
      process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
