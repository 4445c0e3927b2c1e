package org.llmroutes.ingest;

import java.util.regex.Pattern;

/** The title in the properties of a document, which programs fill in where nobody did. */
final class GivenTitle {
  private static final Pattern OF_A_PROGRAM =
      Pattern.compile(
          "(?i)microsoft (word|excel|powerpoint|office|publisher)\\b.*"
              + "|(untitled|unbenannt|sans titre|senza titolo|unknown|unspecified|anonymous)\\W*\\d*"
              + "|\\(?(unspecified|anonymous)\\)?"
              + "|(powerpoint|google slides|keynote)[ -]?(presentation|präsentation)?"
              + "|(presentation|präsentation|présentation|document|dokument|slide|folie|title|titel|book|layout"
              + "|sheet|page|print|scan)\\W*\\d*"
              + "|(about:|file:|https?:|/|[a-z]:\\\\).*"
              + "|\\S*\\.(docx?|dotx?|odt|rtf|tex|dvi|indd|qxd|fm|p65|pdf|ps|xlsx?|pptx?|ai|cdr|psd|html?|tiff?|jpe?g|png)"
              + "|.*\\.(docx?|dotx?|odt|rtf|indd|xlsx?|pptx?)"
              + "|[^\\p{L}\\p{N}]*");

  private GivenTitle() {}

  /**
   * The title where a person gave it, else the name.
   *
   * @param title may be null
   */
  static String or(String title, String name) {
    String given = title == null ? "" : title.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return OF_A_PROGRAM.matcher(given).matches() ? name : given;
  }
}
