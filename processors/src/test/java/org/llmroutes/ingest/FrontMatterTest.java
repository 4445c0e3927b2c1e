package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write before the text of a Markdown file. */
class FrontMatterTest {

  @Test
  void isTitleAndMetadata() throws Exception {
    ParsedDocument document =
        parse(
            """
            ---
            title: Named above
            id: reserved
            sidebar-position: 3
            draft: false
            tags: [kite, birds of prey, 7]
            audience:
              - ranger
            empty:
            last_update: {date: 2024-05-01, author: ada}
            ---
            # Other

            Text
            """);

    assertThat(document.metadata())
        .containsOnly(
            entry("sidebar_position", 3L),
            entry("draft", false),
            entry("tags", List.of("kite", "birds of prey", 7L)),
            entry("audience", List.of("ranger")),
            entry("last_update_date", "2024-05-01"),
            entry("last_update_author", "ada"),
            entry("modified", "2024-05-01"));
    assertThat(document.warnings()).isEmpty();
    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(tuple("Named above > Other", "Text"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no",
        "01234",
        "1.10",
        "2024-05-01",
        "12:30",
        ".nan",
        "1e3",
        "0x1F",
        "1_000",
        "+4",
        "-0",
        "12345678901234567890",
        "v1: \"quoted\" # no",
        "'7'",
        "\"true\""
      })
  void staysTextWhereItIsNotWrittenAsANumber(String value) throws Exception {
    ParsedDocument document = parse("---\nkey: " + value + "\n---\nText");

    assertThat(document.metadata().get("key")).isInstanceOf(String.class);
    assertThat(document.metadata().get("key").toString())
        .isEqualTo(value.startsWith("v1") ? "v1: \"quoted\" # no" : value.replaceAll("['\"]", ""));
  }

  @ParameterizedTest
  @CsvSource({"true, java.lang.Boolean", "-12, java.lang.Long", "0.5, java.lang.Double"})
  void isTypedWhereItReadsTheSameAsWritten(String value, Class<?> type) throws Exception {
    assertThat(parse("---\nkey: " + value + "\n---\nText").metadata().get("key"))
        .isInstanceOf(type)
        .hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "title: Herons: a field guide",
        "title: Herons\nauthor: @ada",
        "title: Herons\ncreated: {{date:YYYY-MM-DD}} {{time}}",
        "title: Herons\n\tindented: with a tab",
        "title: Herons\nquote: \"never ended",
        "title: Herons\n- an entry of nothing",
        "title: Herons\nlink: [[Other note]] and more",
        "title: Herons\npath: `code`\n"
      })
  void keepsTheTextAndWhatCanBeReadWhereItIsNotYaml(String yaml) throws Exception {
    ParsedDocument document = parse("---\ntags: [a]\n" + yaml + "\n---\nThe heron waits.\n");

    assertThat(document.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.reason())
                  .matches(
                      "has front matter that is not YAML( in line [2-5])?, so not all of it was read");
              assertThat(warning.leftOut()).isFalse();
            });
    assertThat(document.metadata()).containsEntry("tags", List.of("a"));
    assertThat(new Chunker(512).chunks(document))
        .singleElement()
        .satisfies(
            chunk -> {
              assertThat(chunk.title()).startsWith("Herons");
              assertThat(chunk.body()).isEqualTo("The heron waits.");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+++\ntitle = \"Storks\"\ndate = 2024-05-01T10:00:00Z\ntags = [\"birds\"]\n+++\n\nText",
        "{\n \"title\": \"Storks\", \"date\": \"2024-05-01T10:00:00Z\", \"tags\": [\"birds\"]\n}\n\nText",
        "\uFEFF---\r\ntitle: Storks\r\ndate: 2024-05-01T10:00:00Z\r\ntags: [birds]\r\n---\r\nText",
        "---\ntitle: Storks\ndate: 2024-05-01T10:00:00Z\ntags: [birds]\n...\nText"
      })
  void isReadInEachLanguageOfIt(String file) throws Exception {
    ParsedDocument document = parse(file);

    assertThat(document.metadata())
        .containsOnly(
            entry("date", "2024-05-01T10:00:00Z"),
            entry("modified", "2024-05-01T10:00:00Z"),
            entry("tags", List.of("birds")));
    assertThat(new Chunker(512).chunks(document))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(tuple("Storks", "Text"));
  }

  @Test
  void leavesOutWhatATemplateWasToFillIn() throws Exception {
    ParsedDocument document =
        parse("---\ntitle: {{title}}\ncreated: {{date}} x\ntags: [a]\n---\nText");

    assertThat(document.metadata()).containsOnlyKeys("tags");
    assertThat(new Chunker(512).chunks(document)).extracting(Chunk::title).containsExactly("name");
  }

  @Test
  void isNeverTextEvenWhereNothingOfItCanBeRead() throws Exception {
    ParsedDocument document = parse("+++\ntitle = \n+++\nText");

    assertThat(document.warnings())
        .extracting(Warning::reason)
        .singleElement()
        .asString()
        .contains("not TOML in line 2");
    assertThat(new Chunker(512).chunks(document)).extracting(Chunk::text).containsExactly("Text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nOnly a rule\n\n---\n",
        "---\n\nNote: this: is text\n\n---\n",
        "{ \"a\": 1 } is JSON\n",
        "{{ shortcode }}\n",
        "+++\nnever ended\n"
      })
  void isNotWhatOnlyBeginsLikeIt(String file) throws Exception {
    ParsedDocument document = parse(file);

    assertThat(document.metadata()).isEmpty();
    assertThat(document.warnings()).isEmpty();
    assertThat(document.sections()).isNotEmpty();
  }

  @Test
  void cannotBlowUpByAliases() throws Exception {
    String bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *d]\n";

    assertThat(parse("---\n" + bomb + "---\nText").metadata().get("a")).isEqualTo(List.of("x"));
  }

  @Test
  void leavesOutWhatNoFieldHoldsAndSaysSo() throws Exception {
    ParsedDocument document = parse("---\nlong: " + "x".repeat(5000) + "\nshort: y\n---\nText");

    assertThat(document.metadata()).containsOnlyKeys("short");
    assertThat(document.warnings())
        .extracting(Warning::reason)
        .singleElement()
        .asString()
        .contains("1 fields, the first of them long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nreaders: group:hr, user:ada\ntags: [a]\n---\nText",
        "---\nreaders: [user:ada, group:hr]\ntags: [a]\n---\nText",
        "---\ntags: [a]\nReaders:\n  - group:hr\n  - \"user:ada\"\n  - group:hr\n---\nText",
        "+++\nreaders = [\"group:hr\", \"user:ada\"]\ntags = [\"a\"]\n+++\nText",
        "{\"readers\": [\"group:hr\", \"user:ada\"], \"tags\": [\"a\"]}\nText"
      })
  void namesReadersThatAreNoMetadata(String file) throws Exception {
    StatedReaders stated = readers(file);

    assertThat(stated.readers()).containsExactly("group:hr", "user:ada");
    assertThat(parse(file).metadata()).containsOnlyKeys("tags");
    String others = file.replace("group:hr", "group:staff").replace("user:ada", "public");
    assertThat(readers(others).rest()).isEqualTo(stated.rest());
    assertThat(readers(file.replace("Text", "Texts")).rest()).isNotEqualTo(stated.rest());
    assertThat(readers(file.replace("[a]", "[b]").replace("[\"a\"]", "[\"b\"]")).rest())
        .isNotEqualTo(stated.rest());
  }

  @Test
  void isTheSameDocumentWithReadersAndWithout() throws Exception {
    assertThat(readers("---\nreaders: group:hr\n---\nText").rest())
        .isEqualTo(readers("Text").rest());
    assertThat(readers("Text").readers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nreaders: hr\n---\nText",
        "---\nreaders:\n---\nText",
        "---\nreaders: []\n---\nText",
        "---\nreaders: 7\n---\nText",
        "---\nreaders: group\n---\nText",
        "---\nreaders: group:\n---\nText",
        "---\nreaders: {group: hr}\n---\nText",
        "---\nreaders:\n  - group: hr\n---\nText",
        "---\nreaders: group:hr,\n---\nText",
        "---\nreaders: user:ada@example.org\n---\nText",
        "---\nreaders: Public\n---\nText"
      })
  void namesNoReadersByWhatIsNone(String file) {
    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> readers(file))
        .withMessageContaining("front matter")
        .withMessageContaining("readers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\ntitle: a: b\nreaders: group:hr\n---\nText",
        "---\n# a comment\ntitle: a: b\nreaders: group:hr\n---\nText",
        "---\nreaders: group:hr\nnever ended",
        "\n---\nreaders: group:hr\n---\nText",
        "+++\ntitle = \nreaders = [\"group:hr\"]\n+++\nText",
        "{\"title\": \"x\", \"readers\": [\"group:hr\"],}\nText"
      })
  void isNotPassedOverWhereItMayNameReadersAndCannotBeRead(String file) {
    assertThatExceptionOfType(InvalidDocument.class)
        .isThrownBy(() -> readers(file))
        .withMessageContaining("may be front matter that names readers");
  }

  private static StatedReaders readers(String file) throws InvalidDocument {
    return new MarkdownParser().readers(file.getBytes(StandardCharsets.UTF_8));
  }

  private static ParsedDocument parse(String file) throws InvalidDocument {
    return new MarkdownParser().parse(file.getBytes(StandardCharsets.UTF_8), "name");
  }
}
