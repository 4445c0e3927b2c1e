package org.llmroutes.llm;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parts the text of a model into thoughts and answer while it arrives, wherever its pieces end.
 * Thoughts stand at the beginning; marks inside the answer belong to it. Where the chat template
 * has opened the tag, nothing but the closing one tells: of a model of which that is not known yet,
 * what was handed out as answer is taken back when it comes.
 */
final class ThoughtSplitter {
  /** Beginnings of fewer characters are those of any text. */
  private static final int SHORTEST_FIRST_WORD = 4;

  private static final int LONGEST_OPENING = 48;

  private final Thinking expected;
  private final GenerationListener out;

  /** Arrived and neither thought nor answer yet. */
  private final HeldText held = new HeldText();

  /** Presumed to be thoughts, should a closing tag show it. */
  private final StringBuilder presumed = new StringBuilder();

  private final StringBuilder answer = new StringBuilder();
  private State state = State.BEGINNING;
  private Pattern closing;
  private boolean thoughts;
  private boolean ended;
  private Thinking seen;

  private enum State {
    BEGINNING,
    THOUGHT,
    PRESUMED_THOUGHT,
    ANSWER,
    AFTER_ANSWER
  }

  ThoughtSplitter(Thinking expected, GenerationListener out) {
    this.expected = expected;
    this.out = out;
  }

  /** Takes the next piece of the text. */
  void text(String piece) {
    held.add(piece);
    while (goneOn()) {
      // with what comes behind a mark
    }
  }

  /** Takes a thought that the server has kept apart by itself. */
  void thought(String text) {
    thoughts = true;
    out.thought(text);
  }

  /**
   * The text is complete.
   *
   * @param limited whether the model was stopped by a limit, so that it may not have got further
   *     than its thoughts
   */
  void end(boolean limited) {
    ended = true;
    text("");
    if (state == State.PRESUMED_THOUGHT) {
      presumed.append(held.takeAll());
      if (limited) {
        think(presumed.toString());
      } else {
        hand(presumed.toString());
      }
    } else if (state == State.THOUGHT) {
      think(held.takeAll());
    } else if (state != State.AFTER_ANSWER && !held.isBlank()) {
      hand(held.takeAll());
    }
    if (seen == null && !limited && !answer.isEmpty()) {
      seen = Thinking.MARKED;
    }
  }

  /** Whether there were thoughts. */
  boolean hasThoughts() {
    return thoughts;
  }

  /** What is known of the model after this answer. */
  Thinking thinking() {
    return seen == null ? expected : seen;
  }

  /** False where more must arrive first. */
  private boolean goneOn() {
    return switch (state) {
      case BEGINNING -> begun();
      case THOUGHT, PRESUMED_THOUGHT -> thoughtOver();
      case ANSWER -> answerOver();
      case AFTER_ANSWER -> false;
    };
  }

  private boolean begun() {
    if (opened(ThoughtMarks.THOUGHTS)) {
      state = State.THOUGHT;
      return true;
    }
    if (opened(ThoughtMarks.ANSWERS)) {
      state = State.ANSWER;
      return true;
    }
    Matcher closed = held.at(ThoughtMarks.CLOSED_AT_ONCE, 0);
    if (closed.lookingAt()) {
      held.take(closed.end());
      thoughts = true;
      return true;
    }
    boolean undecided = !ended && (mayOpen() || closed.hitEnd());
    if (!undecided && !thoughts && expected != Thinking.MARKED) {
      Matcher first = held.at(ThoughtMarks.FIRST_WORDS, 0);
      if (expected == Thinking.OPENED_BY_TEMPLATE || first.lookingAt()) {
        closing = ThoughtMarks.CLOSED_IN_WORDS;
        state = State.PRESUMED_THOUGHT;
        return true;
      }
      undecided = !ended && first.hitEnd() && held.length() >= SHORTEST_FIRST_WORD;
    }
    if (undecided || held.isBlank()) {
      return false;
    }
    if (thoughts) {
      held.dropLeadingSpace();
    }
    closing = ThoughtMarks.TURN_OVER;
    state = State.ANSWER;
    return true;
  }

  private boolean opened(List<ThoughtMarks> marks) {
    Optional<Pattern> opened = held.open(marks);
    closing = opened.orElse(closing);
    return opened.isPresent();
  }

  private boolean mayOpen() {
    return held.mayOpen(ThoughtMarks.THOUGHTS) || held.mayOpen(ThoughtMarks.ANSWERS);
  }

  private boolean thoughtOver() {
    boolean inWords = state == State.PRESUMED_THOUGHT;
    for (int i = held.nextMark(0, inWords); i < held.length(); i = held.nextMark(i + 1, inWords)) {
      Matcher mark = held.at(closing, i);
      if (mark.lookingAt()) {
        int end = mark.end();
        thinkUpTo(i);
        held.take(end - i);
        if (state == State.PRESUMED_THOUGHT) {
          think(expected == Thinking.UNKNOWN ? presumed.toString() : "");
          seen = Thinking.OPENED_BY_TEMPLATE;
        }
        thoughts = true;
        state = State.BEGINNING;
        return true;
      } else if (mark.hitEnd() && !ended) {
        thinkUpTo(i);
        return false;
      }
    }
    thinkUpTo(held.length());
    return false;
  }

  private void thinkUpTo(int end) {
    String thought = held.take(end);
    if (state == State.PRESUMED_THOUGHT) {
      presumed.append(thought);
    }
    if (state == State.THOUGHT || expected == Thinking.OPENED_BY_TEMPLATE) {
      think(thought);
    }
  }

  private boolean answerOver() {
    boolean inWords = isOpenedInWords();
    for (int i = held.nextMark(0, inWords); i < held.length(); i = held.nextMark(i + 1, inWords)) {
      Matcher end = held.at(closing, i);
      boolean over = end.lookingAt();
      if (end.hitEnd() && !ended) {
        handUpTo(i);
        return false;
      } else if (over) {
        handUpTo(i);
        state = State.AFTER_ANSWER;
        return false;
      }
      Matcher mark = held.at(inWords ? ThoughtMarks.CLOSED_IN_WORDS : ThoughtMarks.CLOSED, i);
      if (mark.lookingAt()) {
        Optional<Boolean> closes = inWords ? Optional.of(true) : closes(i, mark.end());
        if (closes.isEmpty()) {
          handUpTo(i);
          return false;
        } else if (closes.get()) {
          takeBack(i, mark.end());
          return true;
        }
      } else if (mark.hitEnd() && !ended) {
        handUpTo(i);
        return false;
      }
    }
    handUpTo(held.length());
    return false;
  }

  private boolean isOpenedInWords() {
    StringBuilder beginning = new StringBuilder();
    beginning.append(answer, 0, Math.min(answer.length(), LONGEST_OPENING));
    return ThoughtMarks.OPENED_IN_WORDS.matcher(beginning.append(held.from(0))).lookingAt();
  }

  private Optional<Boolean> closes(int markBegin, int markEnd) {
    return ClosingTag.closes(answer + held.upTo(markBegin), held.from(markEnd), ended);
  }

  /** All that came before the closing tag was thought. */
  private void takeBack(int markBegin, int markEnd) {
    String all = answer + held.take(markBegin);
    held.take(markEnd - markBegin);
    if (!answer.isEmpty()) {
      answer.setLength(0);
      out.begunAgain();
    }
    think(all);
    thoughts = true;
    seen = Thinking.OPENED_BY_TEMPLATE;
    state = State.BEGINNING;
  }

  private void think(String text) {
    if (!text.isEmpty()) {
      thoughts = true;
      out.thought(text);
    }
  }

  private void handUpTo(int end) {
    hand(held.take(end));
  }

  private void hand(String text) {
    if (!text.isEmpty()) {
      answer.append(text);
      out.token(text);
    }
  }
}
