package org.llmroutes.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmroutes.validate.PropertiesFile.Entry;

/** Entries are those that {@link java.util.Properties} reads, with the line on which each ends. */
class PropertiesFileTest {
  private final Mistakes mistakes = new Mistakes();

  @Test
  void anEntryGoesOnAfterAnOddNumberOfBackslashes() {
    assertThat(PropertiesFile.read("x", "a=1,\\\n  2\nb=C:\\\\\nc=3\\", mistakes).entrySet())
        .extracting(Object::toString)
        .containsExactly(
            "a=" + new Entry("1,2", 2), "b=" + new Entry("C:\\", 3), "c=" + new Entry("3", 4));
  }

  @Test
  void aCommentEndsWithItsLine() {
    assertThat(PropertiesFile.read("x", "# of Windows: C:\\\n  ! too\\\na=1\r\n\nb=2\n", mistakes))
        .containsOnly(Map.entry("a", new Entry("1", 3)), Map.entry("b", new Entry("2", 5)));
  }

  @Test
  void otherSeparatorsOfUnicodeEndNothing() {
    assertThat(PropertiesFile.read("x", "a=one\u2028two\u0085three\nb=4\n", mistakes))
        .containsEntry("a", new Entry("one\u2028two\u0085three", 1))
        .containsEntry("b", new Entry("4", 2));
  }

  @Test
  void aKeyThatIsThereTwiceIsAMistake() {
    PropertiesFile.read("x", "a=1\n\na=2\n", mistakes);

    assertThat(mistakes.list())
        .extracting(Mistake::toString)
        .containsExactly("x:3: a is set in line 1 already");
  }
}
