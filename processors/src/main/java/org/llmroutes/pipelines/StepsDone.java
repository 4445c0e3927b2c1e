package org.llmroutes.pipelines;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmroutes.pipelines.RunState.Phase;

/**
 * Progress as clients see it. Engines count the steps that they know, which become more as a run
 * goes on, and an instance that goes on with the work of another begins at zero: what would look
 * like a step back is not told.
 */
final class StepsDone {
  private static final Pattern STEPS = Pattern.compile("(\\d{1,18})/(\\d{1,18})");

  private StepsDone() {}

  /**
   * @param told the last progress, for instance {@code 2/5}, or empty
   * @return what is to be told now: what was, where the run has not come further
   */
  static String toTell(String told, RunState state) {
    Matcher now = STEPS.matcher(state.progress());
    Matcher before = STEPS.matcher(told);
    if (state.phase() == Phase.SUCCEEDED) {
      Matcher last = now.matches() ? now : before;
      // whatever was skipped: all that there was to do is done
      return last.matches() ? last.group(2) + "/" + last.group(2) : "";
    } else if (!now.matches()) {
      return told;
    }
    return !before.matches() || isAhead(now, before) ? state.progress() : told;
  }

  private static boolean isAhead(Matcher now, Matcher before) {
    double done = count(now, 1);
    return done >= count(before, 1) && done * count(before, 2) >= count(before, 1) * count(now, 2);
  }

  private static double count(Matcher steps, int group) {
    return Double.parseDouble(steps.group(group));
  }
}
