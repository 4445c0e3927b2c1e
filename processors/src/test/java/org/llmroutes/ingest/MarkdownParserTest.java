package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Markdown as people and the generators of their sites write it. */
class MarkdownParserTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // MkDocs
        """
        === "Linux"

            Use the tarball:

            ```sh
            tar x
              --now
            ```

        === "Windows"
            Use heron.msi.
        """,
        // Docusaurus
        """
        import Tabs from '@theme/Tabs';
        import {
          TabItem
        } from '@theme/TabItem';

        <Tabs
          groupId="os"
          values={[{label: 'x', value: 'y'}]}>
        <TabItem value="linux" label="Linux" default>

        Use the tarball:

        ```sh
        tar x
          --now
        ```

        </TabItem>
        <TabItem value="Windows">
        Use heron.msi.
        </TabItem>
        </Tabs>
        """,
        // Hugo
        """
        {{< tabs >}}
        {{% tab name="Linux" %}}
        Use the tarball:
        ```sh
        tar x
          --now
        ```
        {{% /tab %}}
        {{% tab name="Windows" %}}
        Use heron.msi.
        {{% /tab %}}
        {{< /tabs >}}
        """,
        // GitBook
        """
        {% tabs %}
        {% tab title="Linux" %}
        Use the tarball:

        ~~~sh
        tar x
          --now
        ~~~
        {% endtab %}
        {% tab title="Windows" %}
        Use heron.msi.
        {% endtab %}
        {% endtabs %}
        """
      })
  void readsAllTabsBelowTheirLabels(String tabs) throws Exception {
    assertThat(text("# Install\n\n" + tabs))
        .isEqualTo(
            "Install\n\nLinux\n\nUse the tarball:\n\n```sh\ntar x\n  --now\n```\n\nWindows\n\nUse heron.msi.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!! danger \"Before the upgrade\"\n    Export the *ledger* first.\n",
        "??? danger \"Before the upgrade\"\n\n    Export the ledger first.\n",
        ":::danger Before the upgrade\nExport the ledger first.\n:::\n",
        ":::danger[Before the upgrade]\n\nExport the ledger first.\n\n:::\n",
        "::: danger Before the upgrade\nExport the ledger first.\n:::\n",
        "/// danger | Before the upgrade\nExport the ledger first.\n///\n",
        "> [!DANGER] Before the upgrade\n> Export the ledger\n> first.\n",
        "<Danger title=\"Before the upgrade\">\nExport the ledger first.\n</Danger>\n",
        "<aside><p>Before the upgrade</p><p>Export the ledger first.</p></aside>\n"
      })
  void readsNotes(String note) throws Exception {
    assertThat(text("# Up\n\n" + note + "\nAfter."))
        .isEqualTo("Up\n\nBefore the upgrade\n\nExport the ledger first.\n\nAfter.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!! note\n    Text\n",
        ":::note\nText\n:::\n",
        "> [!NOTE]\n> Text\n",
        ":::{note}\nText\n:::"
      })
  void namesTheKindOfANoteWithoutTitle(String note) throws Exception {
    assertThat(text(note).toLowerCase(Locale.ROOT)).isEqualTo("note\n\ntext");
  }

  @Test
  void readsHeadingsOfHtmlAndThoseThatAreUnderlined() throws Exception {
    assertThat(
            chunks(
                """
                <h1 align="center"><img src="l.png" alt="logo"> Heron</h1>

                Intro<!-- not this -->

                <!-- nor
                this -->

                Set up
                ------

                Text

                <details>
                <summary>How do I <b>reset</b> it?</summary>

                Hold the *green* key.

                </details>

                Rest
                """))
        .extracting(Chunk::title, Chunk::body)
        .containsExactly(
            tuple("Heron", "Intro"),
            tuple("Heron > Set up", "Text"),
            tuple("Heron > Set up > How do I reset it?", "Hold the green key."),
            tuple("Heron > Set up", "Rest"));
  }

  @Test
  void keepsListsWithTheirLevelsAndCode() throws Exception {
    assertThat(
            text(
                """
                - Birds
                  - heron
                    wades
                  - stork
                - Fish

                3. Cast
                4. Run it:

                   ```java
                   if (x) {
                     y();
                   }
                   ```

                5. Wait
                """))
        .isEqualTo(
            "- Birds\n  - heron wades\n  - stork\n- Fish\n\n3. Cast\n\n4. Run it:\n\n"
                + "```java\nif (x) {\n  y();\n}\n```\n\n5. Wait");
  }

  @Test
  void readsTablesWithTheirCaptions() throws Exception {
    String table = "| a | b |\n|---|---|\n| [x](y) | `c` |\n";

    assertThat(text("Table 1: Fees\n\n" + table)).isEqualTo("Table 1: Fees\n" + text(table));
    assertThat(text(table + "\n: Fees\n")).isEqualTo("Fees\n" + text(table));
    assertThat(text(table)).isEqualTo("| a | b |\n|---|---|\n| x | `c` |");
  }

  @Test
  void readsFootnotesWhereTheyBelongAndLinksAsWords() throws Exception {
    assertThat(
            text(
                """
                # A
                Herons[^1] wait, see [the book][b] and [[Nets|the nets]].

                # B
                End

                [^1]: Grey ones.

                [b]: https://example.org/very/long
                """))
        .isEqualTo("A\n\nHerons wait, see the book and the nets.\n\nGrey ones.\n\nB\n\nEnd");
  }

  @Test
  void leavesCodeAlone() throws Exception {
    String code = "!!! note\n    x\n:::tip\n[[ -f a ]]\nimport a from 'b'\n<Tabs>\n{% if %}";

    assertThat(text("````yaml title=\"a.yml\" {1}\n" + code + "\n```\n````"))
        .isEqualTo("a.yml\n\n```yaml\n" + code + "\n```\n```");
  }

  private static String text(String markdown) throws InvalidDocument {
    return chunks(markdown).stream().map(Chunk::text).collect(Collectors.joining("\n\n"));
  }

  private static List<Chunk> chunks(String markdown) throws InvalidDocument {
    return new Chunker(512)
        .chunks(new MarkdownParser().parse(markdown.getBytes(StandardCharsets.UTF_8), "name"));
  }
}
