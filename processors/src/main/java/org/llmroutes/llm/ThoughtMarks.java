package org.llmroutes.llm;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The marks that models put around thoughts and answers, where their server leaves them in the
 * text. Openings stand at the beginning of a text.
 *
 * @param opening with the white space before it
 * @param closing of what the opening begins
 */
record ThoughtMarks(Pattern opening, Pattern closing) {
  private static final String TAG =
      "(?:\\w{1,20}:)?(?:think|thinking|thoughts?|reason|reasoning|ant_?thinking|scratch_?pad"
          + "|longcat_think)";
  private static final String CHANNEL = "(?:<\\|start\\|>assistant)?\\s*<\\|channel\\|>";
  private static final String MESSAGE = "[^<]{0,200}(?:<\\|constrain\\|>\\w{0,20})?<\\|message\\|>";

  /** A tag that opens thoughts, wherever it stands. */
  static final Pattern TAG_OPENED = Pattern.compile("(?i)<" + TAG + ">|\\[THINK]|◁think▷");

  /** What closes thoughts that a chat template may have opened. */
  static final Pattern CLOSED =
      Pattern.compile(
          "(?i)</"
              + TAG
              + ">|\\[/THINK]|◁/think▷|<\\|end_of_thought\\|>|<\\|END_THINKING\\|>|<channel\\|>");

  /** The same, at the beginning of a text: a model that did not think. */
  static final Pattern CLOSED_AT_ONCE = Pattern.compile("(?i)\\s*(?:" + CLOSED.pattern() + ")");

  /** DeepSeek, Qwen, Magistral, Kimi, OpenThinker, Command, Apertus, Gemma, gpt-oss. */
  static final List<ThoughtMarks> THOUGHTS =
      List.of(
          of("<" + TAG + "(?:\\s[^<>\\n]{0,80})?>", "</" + TAG + ">"),
          of("\\[THINK]", "\\[/THINK]"),
          of("◁think▷", "◁/think▷"),
          of("<\\|begin_of_thought\\|>", "<\\|end_of_thought\\|>"),
          of("<\\|START_THINKING\\|>", "<\\|END_THINKING\\|>"),
          of("<\\|inner_prefix\\|>", "<\\|inner_suffix\\|>"),
          of("<\\|channel>thought", "<channel\\|>"),
          of(
              CHANNEL + "(?:analysis|commentary)" + MESSAGE,
              "<\\|(?:end|call)\\|>|(?=<\\|(?:start|channel)\\|>)"));

  /** What may stand around the answer. */
  static final List<ThoughtMarks> ANSWERS =
      List.of(
          of(CHANNEL + "final" + MESSAGE, "<\\|(?:return|end|start)\\|>"),
          of("<\\|START_RESPONSE\\|>", "<\\|END_RESPONSE\\|>"),
          of("<\\|begin_of_solution\\|>", "<\\|end_of_solution\\|>"));

  /**
   * What ends a turn in chat templates and is no part of it, at the end of a text or before the
   * next turn; a server whose stop tokens are not those of its model leaves it there.
   */
  static final Pattern TURN_OVER =
      Pattern.compile(
          "(?:(?:<\\|(?:im_end|eot_id|eom_id|end|endoftext|end_of_text|end_of_turn|return)\\|>"
              + "|<end_of_turn>|<\\|END_OF_TURN_TOKEN\\|>|<｜end▁of▁sentence｜>|</s>)\\s*)+"
              + "(?:\\z|<\\|(?:im_start|start_header_id|start|user)\\|>|<start_of_turn>)");

  /** Words that open thoughts in place of a mark: gpt-oss without its marks, and Granite. */
  private static final String IN_WORDS =
      "(?:(?-i:analysis(?=\\p{Lu}))|here(?:'s| is) my thought process:)";

  /** The beginning of a text with such thoughts. */
  static final Pattern OPENED_IN_WORDS = Pattern.compile("(?i)\\s*" + IN_WORDS);

  /** What closes thoughts that no mark opened, such thoughts among them. */
  static final Pattern CLOSED_IN_WORDS =
      Pattern.compile(CLOSED + "|assistantfinal|here(?:'s| is) my response:");

  /** How texts begin that are thoughts although no mark says so. */
  static final Pattern FIRST_WORDS =
      Pattern.compile(
          "(?i)\\s*(?:(?:okay|alright),? (?:so |let me (?:think|see|recall)|the user\\b|i (?:need|have) to )"
              + "|hmm+\\b|let me think|we need to |i need to |嗯|好的，用户|用户"
              + "|the user (?:asks|asked|is|wants|has|just|said|says|wrote)\\b|"
              + IN_WORDS
              + ")");

  private static ThoughtMarks of(String opening, String closing) {
    return new ThoughtMarks(
        Pattern.compile("(?i)\\s*" + opening), Pattern.compile("(?i)" + closing));
  }
}
