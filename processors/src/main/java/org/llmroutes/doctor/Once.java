package org.llmroutes.doctor;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that is made when it is first wanted, for all who want it. */
final class Once<T> {
  private final FutureTask<T> making;

  Once(Callable<T> maker) {
    making = new FutureTask<>(maker);
  }

  /**
   * @throws Exception with which it could not be made, for everybody the same
   */
  T get() throws Exception {
    making.run();
    try {
      return making.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** What was made, null where nobody wanted it or it could not be made. */
  T made() throws InterruptedException {
    try {
      return making.isDone() ? making.get() : null;
    } catch (ExecutionException e) {
      return null;
    }
  }
}
