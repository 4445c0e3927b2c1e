package org.llmroutes.retrieval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.Deadline;
import org.llmroutes.telemetry.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which collections somebody may read something of. One that has nothing for him is not named, so
 * that nobody learns what there is for others; one that is empty has no secrets.
 */
public final class ReadableCollections {
  private static final Logger LOG = LoggerFactory.getLogger(ReadableCollections.class);

  /** So many collections are looked at together, for everybody who asks. */
  private static final int AT_A_TIME = 8;

  private static final Duration LONGEST = Duration.ofHours(1);

  private final DocumentCollection collections;
  private final DocumentInventory inventory;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_A_TIME,
          task -> {
            Thread thread = new Thread(task, "readable-collections");
            thread.setDaemon(true);
            return thread;
          });

  public ReadableCollections(MilvusConnection milvus, DocumentCollection collections) {
    this.collections = collections;
    this.inventory = new DocumentInventory(milvus, collections);
  }

  /**
   * What somebody may read.
   *
   * @param documents name of each collection to the number of documents that he may read, in the
   *     order of names
   * @param complete whether all collections said in time whether he may
   */
  public record Readable(Map<String, Long> documents, boolean complete) {}

  /**
   * A collection that is slow or broken hides no other.
   *
   * @param scope of the one who asks
   * @param deadline what is known by then is the answer
   * @throws StepException step {@code search}, unavailable or timeout, where no collection says
   *     anything
   */
  public Readable of(SearchScope scope, Deadline deadline) {
    List<String> names = MilvusShare.within(deadline, collections::names);
    List<Future<OptionalLong>> answers = ask(names, scope, deadline);
    Map<String, Long> documents = new TreeMap<>();
    List<StepException> silent = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      try {
        answers.get(i).get().ifPresent(count -> documents.put(name, count));
      } catch (CancellationException e) {
        silent.add(
            new StepException("search", ErrorCode.TIMEOUT, "Milvus does not answer in time", e));
      } catch (ExecutionException e) {
        silent.add(failure(e.getCause()));
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (!silent.isEmpty()) {
      StepException first = silent.get(0);
      if (silent.size() == names.size()) {
        throw first;
      }
      LOG.warn(
          "Of {} collections {} are not listed: {}",
          names.size(),
          silent.size(),
          first.getMessage());
    }
    return new Readable(documents, silent.isEmpty());
  }

  private List<Future<OptionalLong>> ask(List<String> names, SearchScope scope, Deadline deadline) {
    List<Callable<OptionalLong>> questions =
        names.stream().map(name -> Tracing.carry(() -> readable(name, scope))).toList();
    try {
      return threads.invokeAll(
          questions, deadline.within(LONGEST).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Empty where the collection is not to be named. */
  private OptionalLong readable(String name, SearchScope scope) {
    try {
      long documents = inventory.count(name, scope);
      return documents > 0 || inventory.isEmpty(name)
          ? OptionalLong.of(documents)
          : OptionalLong.empty();
    } catch (StepException e) {
      if (e.code() == ErrorCode.REJECTED) {
        // another program made it, it is from before documents had readers, or was dropped since
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  private static StepException failure(Throwable cause) {
    return cause instanceof StepException known
        ? known
        : new StepException(
            "search", ErrorCode.UNAVAILABLE, "Milvus: " + cause.getMessage(), cause);
  }

  private static StepException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StepException("search", ErrorCode.INTERNAL, "Interrupted while asking Milvus", e);
  }
}
