package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links reach the heading that a chunk stands below. */
class AnchorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Running a pipeline|running-a-pipeline",
        "`ai.chat.*`: what it carries?|aichat-what-it-carries",
        "Größe & Länge (ø)|größe--länge-ø",
        "snake_case - and-hyphens|snake_case---and-hyphens",
        "日本語 見出し|日本語-見出し",
        "Named {#by-hand}|by-hand",
        "Named {: #by-hand .class }|by-hand"
      })
  void ofMarkdownAreThoseOfGitHub(String heading, String anchor) throws Exception {
    assertThat(anchors("a.md", "# " + heading + "\n\ntext")).containsExactly(anchor);
  }

  @Test
  void ofMarkdownAreCountedWhereHeadingsAreTheSame() throws Exception {
    assertThat(anchors("a.md", "## Use\na\n## Use\nb\n## Use 1\nc\n## Use\nd"))
        .containsExactly("use", "use-1", "use-1-1", "use-2");
  }

  @Test
  void areNotPartOfTheHeading() throws Exception {
    assertThat(chunks("a.md", "# Named {#by-hand}\n\ntext"))
        .extracting(Chunk::title, Chunk::heading)
        .containsExactly(tuple("Named", "Named"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<h2 id=there>Title</h2><p>text",
        "<h2><a id=there></a>Title</h2><p>text",
        "<h2><a name=there href='#there'>Title</a></h2><p>text",
        "<p>before</p><a name=there></a><h2>Title</h2><p>text",
        "<section id=there><h2>Title</h2><p>text</section>",
        "<div class=section id=there><header><h2>Title</h2></header><p>text</div>",
        "<h2>Title<a class=headerlink id=there href='#there'>#</a></h2><p>text"
      })
  void ofHtmlAreTheIdsAround(String body) throws Exception {
    List<String> anchors = anchors("a.html", "<title>T</title><body>" + body);
    assertThat(anchors.get(anchors.size() - 1)).isEqualTo("there");
  }

  @Test
  void ofHtmlWithoutIdsAreNone() throws Exception {
    assertThat(anchors("a.html", "<div id=all><p>before</p><h2>Title</h2><p>text</div>"))
        .containsOnly("");
  }

  private static List<String> anchors(String name, String content) throws InvalidDocument {
    return chunks(name, content).stream()
        .map(chunk -> (String) chunk.metadata().getOrDefault("anchor", ""))
        .toList();
  }

  private static List<Chunk> chunks(String name, String content) throws InvalidDocument {
    return new Chunker(512)
        .chunks(
            DocumentFormat.of(name)
                .orElseThrow()
                .parse(name, content.getBytes(StandardCharsets.UTF_8)));
  }
}
