package org.llmroutes.doctor;

import java.time.Duration;
import java.util.List;
import org.llmroutes.errors.TurnException;

/** One check at work, and what it has told. */
final class Consultation implements Runnable {
  private final Check check;
  private final Installation here;
  private final Findings found;
  private final Runnable onEnd;
  private volatile boolean ended;

  Consultation(Check check, Installation here, Secrets secrets, Runnable onEnd) {
    this.check = check;
    this.here = here;
    this.found = new Findings(check.part(), secrets::mask);
    this.onEnd = onEnd;
  }

  @Override
  public void run() {
    try {
      check.look(here, found);
    } catch (NotAsked e) {
      found.notAsked("", e.getMessage());
    } catch (TurnException | IllegalArgumentException e) {
      found.notWell("", e.getMessage(), "");
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      // whatever a hostile answer made of a client
      found.notWell("", Reason.of(e), "");
    } finally {
      ended = true;
      onEnd.run();
    }
  }

  /** What it has told by now. */
  List<Finding> findings(Duration within) {
    if (!ended) {
      found.notWell(
          "time",
          "it had not answered after %d s".formatted(within.toSeconds()),
          "--timeout allows more; what was told before holds");
    }
    return found.close();
  }
}
