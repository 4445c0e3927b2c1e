package org.llmroutes.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts an answer into sentences while its tokens arrive. A sentence is out with the first letter of
 * the next one, or with the end of its line; where the tokens are split makes no difference. Very
 * short sentences and what cannot be said are joined to what follows, those that are longer than
 * the voice can take are cut. For one answer, not for concurrent use.
 */
public final class SentenceCutter {
  /** Shorter ones, in characters as spoken, wait for the next. */
  private static final int SHORTEST = 12;

  private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*", Pattern.DOTALL);

  /** What may follow the mark that ends a sentence, before the space. */
  private static final String CLOSING = "(?:[\"'”’»›」』）》〉】)\\]}*_`~]|\\s?\\[\\d[\\d,;\\s–-]*])*";

  private static final String CLOSES = "。！？｡।॥\"'”’»›」』）》〉】)]}*_`~";
  private static final Pattern END =
      Pattern.compile(
          "(?:(?<mark>[.!?…؟۔։።፧။។]+)" + CLOSING + "\\s+|[。！？｡।॥]+" + CLOSING + "\\s*)$");
  private static final Pattern CITATION = Pattern.compile("\\[\\d[\\d,;\\s–-]*].*", Pattern.DOTALL);
  private static final Pattern CITATION_BEGUN = Pattern.compile("\\[[\\d,;\\s–-]*");
  private static final Pattern OPENING = Pattern.compile("[\"'“„‘‚«‹(\\[{*_`~]*");
  private static final Pattern TITLE_OR_INITIAL =
      Pattern.compile(
          "(?s).*(?<![\\p{L}\\p{N}])(?:\\p{L}|(?:\\p{L}\\.)+\\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Capt|Rev"
              + "|Hon|Mt|vs|cf|approx|ca|bzw|evtl|ggf|inkl|Hr|Fr|Mme|Mlle|M\\.?me)");
  private static final Pattern BEFORE_NUMBER =
      Pattern.compile(
          "(?s).*(?<!\\p{L})(?:No|Nos|Nr|Fig|Figs|p|pp|Sec|Vol|Ch|Eq|Art|Abb|Tab|S|Jan|Feb|Mar|Apr|Jun|Jul"
              + "|Aug|Sept?|Oct|Nov|Dec)");
  private static final Pattern LIST_NUMBER = Pattern.compile("[\\s>*_]*\\d{1,3}");

  private final int longest;
  private final Breaks breaks;
  private final StringBuilder text = new StringBuilder();
  private int reached;

  /** Up to here the text was found too short to be spoken by itself. */
  private int held;

  private int lineStart;
  private String fence = "";
  private boolean inCode;

  /** Where the next sentence begins, should its first letter say so; negative for nowhere. */
  private int candidate = -1;

  /**
   * @param longest sentence, in code points as spoken
   * @param language ISO 639-1 code of the answer, or empty
   */
  public SentenceCutter(int longest, String language) {
    this.longest = longest;
    this.breaks = new Breaks(longest, language);
  }

  /** Takes in the next token; what has become ready to be spoken, mostly nothing. */
  public List<Sentence> add(String token) {
    List<Sentence> ready = new ArrayList<>();
    for (int i = 0; i < token.length(); i++) {
      text.append(token.charAt(i));
      look(token.charAt(i), ready);
    }
    return ready;
  }

  /**
   * What is said if the text so far ends a sentence, as far as that can be told before the next one
   * begins. Nothing is taken out: {@link #add} or {@link #finish} will give it, or something else.
   */
  public Optional<String> likely() {
    String end = text.substring(Math.max(held, text.length() - 40)).stripTrailing() + " ";
    Matcher mark = END.matcher(end);
    boolean looksSo = candidate < 0 && fence.isEmpty() && !inCode && mark.find();
    if (!looksSo || ".".equals(mark.group("mark")) && continues(end, mark.start())) {
      return Optional.empty();
    }
    return Optional.of(SpokenText.of(text.toString()))
        .filter(spoken -> spoken.length() >= SHORTEST);
  }

  /** Whether more of a word or number may follow the full stop at this place. */
  private boolean continues(String end, int stop) {
    int before = Math.max(held, text.length() - 40) + stop;
    return stop == 0 || Character.isDigit(end.charAt(stop - 1)) || abbreviates(before, 'A');
  }

  /** The rest, once no more tokens come; its end is the end of the answer. */
  public List<Sentence> finish() {
    List<Sentence> rest = new ArrayList<>();
    shorten(text.length(), rest);
    if (!text.isEmpty()) {
      reached += Character.codePointCount(text, 0, text.length());
      rest.add(new Sentence(SpokenText.of(text.toString()), reached));
      text.setLength(0);
    }
    return rest;
  }

  private void look(char c, List<Sentence> ready) {
    if (c == '\n') {
      endLine(ready);
    } else if (fence.isEmpty() && !FENCE.matcher(line()).matches()) {
      lookInLine(c, ready);
    }
  }

  private String line() {
    return text.substring(Math.max(0, lineStart));
  }

  private void endLine(List<Sentence> ready) {
    Matcher mark = FENCE.matcher(line());
    boolean atFence = lineStart >= 0 && mark.matches();
    if (atFence && fence.isEmpty()) {
      fence = mark.group(1);
    } else if (atFence && fence.equals(mark.group(1))) {
      fence = "";
    }
    lineStart = text.length();
    candidate = -1;
    inCode = false;
    if (fence.isEmpty()) {
      cut(text.length(), ready);
    }
  }

  private void lookInLine(char c, List<Sentence> ready) {
    int last = text.length() - 1;
    boolean codeBefore = inCode;
    inCode ^= c == '`';
    if (!Character.isWhitespace(c) && candidate < 0 && last > held && !codeBefore && ends(last)) {
      candidate = last;
    }
    if (candidate >= 0) {
      decide(ready);
    } else if (text.length() - held > longest - SHORTEST && breaks.mustCut(text)) {
      shorten(text.length(), ready);
    }
  }

  /** Whether what stands before this place ends a sentence, but for what comes next. */
  private boolean ends(int place) {
    char before = text.charAt(place - 1);
    boolean spaced = Character.isWhitespace(before);
    if (Character.isLetterOrDigit(before) || !spaced && CLOSES.indexOf(text.charAt(place)) >= 0) {
      return false;
    }
    Matcher end = END.matcher(text.substring(Math.max(held, place - 40), place));
    if (!end.find()) {
      return false;
    }
    int mark = place - (end.end() - end.start());
    return !".".equals(end.group("mark")) || !abbreviates(mark, text.charAt(place));
  }

  /** Whether the full stop at this place belongs to the word or number before it. */
  private boolean abbreviates(int stop, char next) {
    String before = text.substring(Math.max(held, stop - 20), stop);
    return TITLE_OR_INITIAL.matcher(before).matches()
        || Character.isDigit(next) && BEFORE_NUMBER.matcher(before).matches()
        || lineStart >= 0
            && stop >= lineStart
            && LIST_NUMBER.matcher(text.substring(lineStart, stop)).matches();
  }

  private void decide(List<Sentence> ready) {
    String next = text.substring(candidate);
    if (CITATION.matcher(next).matches()) {
      candidate = -1;
    } else if (!CITATION_BEGUN.matcher(next).matches() && !OPENING.matcher(next).matches()) {
      int place = candidate;
      candidate = -1;
      if (next.indexOf('`') >= 0 || !Character.isLowerCase(next.charAt(next.length() - 1))) {
        cut(place, ready);
      }
    }
  }

  private void cut(int place, List<Sentence> ready) {
    int end = shorten(place, ready);
    if (SpokenText.of(text.substring(0, end)).length() < SHORTEST) {
      held = end;
    } else {
      take(end, ready);
    }
  }

  /**
   * Takes out pieces until what is left before this place can be spoken at once.
   *
   * @return the same place in what is left
   */
  private int shorten(int place, List<Sentence> ready) {
    int end = place;
    while (breaks.isTooLong(text.substring(0, end))) {
      int piece = breaks.in(text.substring(0, end));
      take(piece, ready);
      end -= piece;
    }
    return end;
  }

  private void take(int place, List<Sentence> ready) {
    String spoken = SpokenText.of(text.substring(0, place));
    reached += Character.codePointCount(text, 0, place);
    if (!spoken.isEmpty()) {
      ready.add(new Sentence(spoken, reached));
    }
    text.delete(0, place);
    lineStart -= place;
    held = Math.max(0, held - place);
  }
}
