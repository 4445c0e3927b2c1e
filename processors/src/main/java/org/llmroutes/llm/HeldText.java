package org.llmroutes.llm;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has arrived of a text and is neither thought nor answer yet. */
final class HeldText {
  /** With which every mark begins. */
  private static final String MARKS = "<[◁";

  /** With which a mark in words may begin besides. */
  private static final String WORDS = "aAhH";

  private final StringBuilder text = new StringBuilder();

  void add(String piece) {
    text.append(piece);
  }

  int length() {
    return text.length();
  }

  boolean isBlank() {
    return text.toString().isBlank();
  }

  /** Takes what stands before an index. */
  String take(int end) {
    String taken = text.substring(0, end);
    text.delete(0, end);
    return taken;
  }

  String takeAll() {
    return take(text.length());
  }

  void dropLeadingSpace() {
    text.delete(0, text.length() - text.toString().stripLeading().length());
  }

  /** What stands before an index. */
  String upTo(int index) {
    return text.substring(0, index);
  }

  /** What stands from an index on. */
  String from(int index) {
    return text.substring(index);
  }

  /** Takes the mark with which the text begins; what closes it, where there is one. */
  Optional<Pattern> open(List<ThoughtMarks> marks) {
    for (ThoughtMarks mark : marks) {
      Matcher opening = mark.opening().matcher(text);
      if (opening.lookingAt()) {
        text.delete(0, opening.end());
        return Optional.of(mark.closing());
      }
    }
    return Optional.empty();
  }

  /** Whether the text may still become one of these marks. */
  boolean mayOpen(List<ThoughtMarks> marks) {
    for (ThoughtMarks mark : marks) {
      Matcher opening = mark.opening().matcher(text);
      if (!opening.lookingAt() && opening.hitEnd()) {
        return true;
      }
    }
    return false;
  }

  /** To match a mark at an index. */
  Matcher at(Pattern mark, int index) {
    return mark.matcher(text).region(index, text.length());
  }

  /**
   * The next index at which a mark may begin, or the length.
   *
   * @param inWords whether words may be marks
   */
  int nextMark(int from, boolean inWords) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (MARKS.indexOf(c) >= 0 || inWords && WORDS.indexOf(c) >= 0) {
        return i;
      }
    }
    return text.length();
  }
}
