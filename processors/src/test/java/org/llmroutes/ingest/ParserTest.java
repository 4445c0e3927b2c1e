package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every format becomes the same titles and texts that a reader of the document sees. */
class ParserTest {

  @Test
  void readsMarkdown() throws Exception {
    List<Chunk> chunks =
        chunks(
            "guide.md",
            """
            # The *guide*

            Read [the rest](https://example.org/long/address)
            first.<!-- hidden -->

            ## Streams

            - keep `AI_CHAT`
            - drop it

            | name | age |
            |------|-----|
            | `a`  | **1 h** |

            ### Names

            ```yaml
            name: AI_CHAT

            ```

            ## Empty

            ## End
            <p>By <b>hand</b></p>
            """);

    assertThat(chunks)
        .extracting(Chunk::title, Chunk::text)
        .containsExactly(
            tuple("The guide", "The guide\n\nRead the rest first."),
            tuple(
                "The guide > Streams",
                "Streams\n\n- keep `AI_CHAT`\n- drop it\n\n| name | age |\n|---|---|\n| `a` | 1 h |"),
            tuple("The guide > Streams > Names", "Names\n\n```yaml\nname: AI_CHAT\n```"),
            tuple("The guide > End", "End\n\nBy hand"));
  }

  @Test
  void readsTheContentOfAnHtmlPage() throws Exception {
    List<Chunk> chunks =
        chunks(
            "page.html",
            """
            <html><head><title>Site | Page</title><style>p {}</style></head><body>
            <nav>Home About</nav><main><div><h1>Page<a class="headerlink">¶</a></h1>
            <p>Loose   <b>words</b> and <code>code</code>.<p>Two</div>
            <section><h2>Part</h2><ul><li>one <a href="x">link</a></li><li>two</li></ul>
            <pre>a
              b</pre><table><tr><th>k</th><th>v</th></tr><tr><td>1</td><td></td></tr></table>
            </section></main><script>var x;</script><footer>Legal</footer></body></html>
            """);

    assertThat(chunks)
        .extracting(Chunk::title, Chunk::text)
        .containsExactly(
            tuple("Page", "Page\n\nLoose words and `code`.\n\nTwo"),
            tuple(
                "Page > Part",
                "Part\n\n- one link\n- two\n\n```\na\n  b\n```\n\n| k | v |\n|---|---|\n| 1 |  |"));
  }

  @Test
  void readsPlainText() throws Exception {
    String wrapped = "A line that a person wrapped by hand, as editors do,\nand its end.";

    List<Chunk> chunks = chunks("notes.txt", "\uFEFF" + wrapped + "\r\n\r\nmilk\r\nbread\r\n");

    assertThat(chunks)
        .extracting(Chunk::title, Chunk::text)
        .containsExactly(tuple("notes", wrapped.replace('\n', ' ') + "\n\nmilk\nbread"));
  }

  @Test
  void joinsWordsThatAreParted() throws Exception {
    assertThat(
            chunks(
                "a.txt",
                "The heron waits in the shallow water, as a well-\nknown and much described and painted exam-\nple."))
        .extracting(Chunk::text)
        .containsExactly(
            "The heron waits in the shallow water, as a well-known and much described and painted example.");
  }

  private static List<Chunk> chunks(String name, String content) throws InvalidDocument {
    return new Chunker(512).chunks(parse(name, content));
  }

  private static ParsedDocument parse(String name, String content) throws InvalidDocument {
    return DocumentFormat.of(name)
        .orElseThrow()
        .parse(name, content.getBytes(StandardCharsets.UTF_8));
  }
}
