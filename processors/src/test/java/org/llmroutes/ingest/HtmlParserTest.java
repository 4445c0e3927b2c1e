package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages as the generators of sites write them are what people read of them. */
class HtmlParserTest {

  @Test
  void keepsQuestionsOnButtonsAndFoldedAnswers() throws Exception {
    List<Chunk> chunks =
        chunks(
            """
            <main><h1>FAQ</h1>
            <h3><button aria-expanded="true" aria-controls="a1">How do I reset the feeder?</button></h3>
            <div id="a1" role="region"><p>Hold the green key.</p></div>
            <h3><button aria-expanded="false" aria-controls="a2">How do I order nets?</button></h3>
            <div id="a2" role="region" hidden><p>Use order form seven.</p></div>
            <button><h3>Which bait?</h3></button><div aria-hidden="true"><p>Worms.</p></div>
            <button class="accordion">Where is the loft?</button><div class="panel"><p>At pier two.</p></div>
            <button class="collapsible">Who mends it?</button><div class="content"><p>The smith.</p></div>
            <button>What does it cost?</button><div style="display: none"><p>Two shillings.</p></div>
            <details><summary>When does it open?</summary><p>At noon.</p></details>
            <details><summary>More</summary><p>Ring twice.</p></details>
            <button>Copy</button><pre>ring</pre></main>
            """);

    assertThat(chunks)
        .extracting(Chunk::heading, Chunk::body)
        .containsExactly(
            tuple("How do I reset the feeder?", "Hold the green key."),
            tuple("How do I order nets?", "Use order form seven."),
            tuple("Which bait?", "Worms."),
            tuple("Where is the loft?", "At pier two."),
            tuple("Who mends it?", "The smith."),
            tuple("What does it cost?", "Two shillings."),
            tuple("When does it open?", "At noon."),
            tuple("Which bait?", "More\n\nRing twice.\n\n```\nring\n```"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Docusaurus
        "<div class=tabs-container><ul role=tablist><li role=tab>Linux</li><li role=tab>Windows</li></ul>"
            + "<div><div role=tabpanel><p>Use the tarball.</p></div>"
            + "<div role=tabpanel hidden><p>Use heron.msi.</p></div></div></div>",
        // Starlight
        "<starlight-tabs><div class=tablist-wrapper><ul role=tablist><li role=presentation><a role=tab id=t1"
            + " href='#p1'>Linux</a></li><li role=presentation><a role=tab id=t2 href='#p2'>Windows</a></li></ul></div>"
            + "<div id=p1 aria-labelledby=t1 role=tabpanel><p>Use the tarball.</p></div>"
            + "<div id=p2 aria-labelledby=t2 role=tabpanel hidden><p>Use heron.msi.</p></div></starlight-tabs>",
        // MkDocs Material
        "<div class='tabbed-set tabbed-alternate' data-tabs='1:2'><input checked id=a name=s type=radio><input id=b"
            + " name=s type=radio><div class=tabbed-labels><label for=a>Linux</label><label for=b>Windows</label></div>"
            + "<div class=tabbed-content><div class=tabbed-block><p>Use the tarball.</p></div>"
            + "<div class=tabbed-block><p>Use heron.msi.</p></div></div></div>",
        // sphinx-design
        "<div class='sd-tab-set docutils'><input id=a type=radio><label class=sd-tab-label for=a>Linux</label>"
            + "<div class='sd-tab-content docutils'><p>Use the tarball.</p></div><input id=b type=radio>"
            + "<label class=sd-tab-label for=b>Windows</label><div class='sd-tab-content docutils'>"
            + "<p>Use heron.msi.</p></div></div>",
        // sphinx-tabs
        "<div class='sphinx-tabs docutils container'><div aria-label='Tabbed content' role=tablist>"
            + "<button aria-controls=p0 aria-selected=true id=t0 role=tab>Linux</button>"
            + "<button aria-controls=p1 aria-selected=false id=t1 role=tab>Windows</button></div>"
            + "<div aria-labelledby=t0 id=p0 role=tabpanel><p>Use the tarball.</p></div>"
            + "<div aria-labelledby=t1 hidden=true id=p1 role=tabpanel><p>Use heron.msi.</p></div></div>"
      })
  void readsAllTabsBelowTheirLabels(String tabs) throws Exception {
    assertThat(chunks("<main><h1>Install</h1>" + tabs + "</main>"))
        .extracting(Chunk::body)
        .containsExactly("Linux\n\nUse the tarball.\n\nWindows\n\nUse heron.msi.");
    assertThat(text("<h1>Install</h1>" + tabs)).contains("Windows\n\nUse heron.msi.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<aside aria-label=Danger class='starlight-aside starlight-aside--danger'><p class=starlight-aside__title>"
            + "<svg></svg>Danger</p><div class=starlight-aside__content><p>Export first.</p></div></aside>",
        "<div class='theme-admonition alert alert--danger'><div class=admonitionHeading><span><svg></svg></span>"
            + "Danger</div><div class=admonitionContent><p>Export first.</p></div></div>",
        "<div class='admonition danger'><p class=admonition-title>Danger</p><p>Export first.</p></div>",
        "<div class='danger custom-block'><p class=custom-block-title>Danger</p><p>Export first.</p></div>",
        "<div class='markdown-alert markdown-alert-danger'><p class=markdown-alert-title><svg></svg>Danger</p>"
            + "<p>Export first.</p></div>",
        "<aside class=note><p>Danger</p><p>Export first.</p></aside>",
      })
  void readsNotes(String note) throws Exception {
    assertThat(text("<main><h1>Upgrade</h1><p>Stop it.</p>" + note + "</main>"))
        .isEqualTo("Upgrade\n\nStop it.\n\nDanger\n\nExport first.");
    assertThat(text("<h1>Upgrade</h1><p>Stop it.</p>" + note)).contains("Export first.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<h2 id=x>Set up<a class=headerlink href='#x' title='Link to this heading'>¶</a></h2>",
        "<h2 id=x>Set up<a href='#x' class=hash-link aria-label='Direct link to Set up'>\u200b</a></h2>",
        "<h2 id=x tabindex=-1>Set up <a class=header-anchor href='#x' aria-label='Permalink'>\u200b</a></h2>",
        "<h2><a id=x class=anchor aria-hidden=true href='#x'><svg></svg></a>Set up</h2>",
        "<h2><a class=anchor name=x href='#x'>Set up</a></h2>",
        "<div class=sl-heading-wrapper><h2 id=x>Set up</h2><a class=sl-anchor-link href='#x'><span aria-hidden=true>"
            + "</span><span class=sr-only>Section titled Set up</span></a></div>",
        "<h2 id=x><span class=mw-headline>Set up</span><span class=mw-editsection>[edit]</span></h2>",
        "<div id=x role=heading aria-level=2>Set up</div>",
        "<a href='/x'><h2 id=x>Set up <img alt=':rocket:'></h2></a>",
        "<h2 id=x><a href='#x'>#</a> Set&nbsp;up</h2>"
      })
  void readsHeadingsMadeOfHtml(String heading) throws Exception {
    assertThat(chunks("<main><h1>Guide</h1>" + heading + "<p>Text</p></main>"))
        .extracting(Chunk::title, Chunk::heading, c -> c.metadata().get("anchor"))
        .containsExactly(tuple("Guide > Set up", "Set up", "x"));
  }

  @Test
  void leavesOutWhatIsNotRead() throws Exception {
    String around =
        """
        <header><a href="/">Heron</a><nav>Home</nav></header>
        <div id="onetrust-consent-sdk"><p>We use cookies</p></div>
        <div class="cookie-banner">Accept all</div>
        <dialog open>Subscribe</dialog><div role="dialog" hidden><p>Log in</p></div>
        <div hidden><p>Search form</p></div>
        <aside><ul><li><a href="/a">Other page</a></li></ul></aside>
        <script>var x</script><style>p {}</style><template><p>Row</p></template>
        <div id="cookies"><h2>Cookies</h2><p>The heron likes them.</p></div>
        %s
        <footer>Legal</footer>
        """;
    String content =
        "<h1>Page</h1><nav class=toc>On this page</nav><p>Text <span aria-hidden=true>★</span></p>"
            + "<aside class=toc-sidebar><a href='#x'>Contents</a></aside><footer><a>Edit</a></footer>";

    assertThat(text(around.formatted(content)))
        .isEqualTo("Cookies\n\nThe heron likes them.\n\nPage\n\nText");
    assertThat(text(around.formatted("<main>" + content + "</main>"))).isEqualTo("Page\n\nText");
    assertThat(text("<body class=toc><div class=breadcrumb><main>" + content + "</main></div>"))
        .isEqualTo("Page\n\nText");
    assertThat(text("<main></main><div role=main>" + content + "</div>")).isEqualTo("Page\n\nText");
  }

  @Test
  void readsTablesByTheirHeadings() throws Exception {
    assertThat(
            text(
                """
                <main><table><caption>Fees</caption><thead>
                <tr><th rowspan="2">Bird</th><th colspan="2">Fee</th></tr><tr><th>child</th><th>adult</th></tr>
                </thead><tbody><tr><td rowspan="2">Heron</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>
                </tbody></table>
                <table><tr><th>Height</th><td>90 cm</td></tr><tr><th>Weight</th><td>1.5 kg</td></tr></table></main>
                """))
        .isEqualTo(
            "Fees\n| Bird | Fee child | Fee adult |\n|---|---|---|\n| Heron | 1 | 2 |\n| Heron | 3 | 4 |"
                + "\n\nHeight: 90 cm\nWeight: 1.5 kg");
    String names = "<th>name " + "</th><th>name ".repeat(9) + "</th>";
    String cells = "<td>1" + "</td><td>2".repeat(9) + "</td>";
    assertThat(text("<main><table><tr>" + names + "</tr><tr>" + cells + "</tr></table></main>"))
        .startsWith("name: 1; name: 2;");
  }

  @Test
  void readsListsWithTheirLevels() throws Exception {
    assertThat(
            text(
                """
                <main><ul><li><p>Birds</p><ul><li>heron</li><li>stork<ol><li>white</li></ol></li></ul></li>
                <li>Fish</li></ul><ol start="3"><li>cast</li><li>wait</li></ol>
                <dl><dt>net</dt><dd>to catch</dd><dt>rod</dt><dt>pole</dt><dd>to fish</dd></dl>
                <ol><li><p>Run it:</p><pre><code class="language-sh">ls</code></pre></li></ol></main>
                """))
        .isEqualTo(
            "- Birds\n  - heron\n  - stork\n    1. white\n- Fish\n\n3. cast\n4. wait\n\n"
                + "- net: to catch\n- rod, pole: to fish\n\nRun it:\n\n```sh\nls\n```");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<pre><code class=language-yaml><span>a:</span>\n  <span>b: 1</span>\n</code></pre>",
        // Docusaurus
        "<div class='language-yaml codeBlock'><pre class=prism-code><code><span class=token-line><span>a:</span><br>"
            + "</span><span class=token-line><span>  b: 1</span><br></span></code></pre></div>",
        // Expressive Code of Starlight
        "<pre data-language=yaml><code><div class=ec-line><div class=gutter><div class=ln>1</div></div><div"
            + " class=code>a:</div></div><div class=ec-line><div class=code>  b: 1</div></div></code></pre>",
        // Shiki of VitePress
        "<div class='language-yaml vp-adaptive-theme'><button title=Copy class=copy></button><span class=lang>yaml"
            + "</span><pre class=shiki><code><span class=line><span>a:</span></span>\n<span class=line>  b: 1</span>"
            + "</code></pre><div class=line-numbers-wrapper><span class=line-number>1</span></div></div>",
        // Chroma of Hugo
        "<div class=highlight><table class=lntable><tr><td class=lntd><pre><code><span class=lnt>1\n</span><span"
            + " class=lnt>2\n</span></code></pre></td><td class=lntd><pre><code class=language-yaml>a:\n  b: 1"
            + "</code></pre></td></tr></table></div>",
        // Sphinx
        "<div class='highlight-yaml notranslate'><div class=highlight><pre><span class=linenos>1</span>a:\n"
            + "<span class=linenos>2</span>  b: 1\n</pre></div></div>"
      })
  void keepsTheLinesOfCode(String code) throws Exception {
    assertThat(text("<main>" + code + "</main>").replaceFirst("^yaml\n\n", ""))
        .isEqualTo("```yaml\na:\n  b: 1\n```");
  }

  @Test
  void readsPicturesWhoseTextIsContent() throws Exception {
    assertThat(
            text(
                """
                <main><p><img alt="The heron feeds its two chicks"></p>
                <figure><img alt="The heron feeds its chicks"><figcaption>Feeding time</figcaption></figure>
                <p><a href="x"><img alt="Build status of main"></a>See <img alt="icon"> here.</p></main>
                """))
        .isEqualTo("The heron feeds its two chicks\n\nFeeding time\n\nSee here.");
  }

  @Test
  void readsTextAsItIsSeen() throws Exception {
    assertThat(
            text(
                "<main><p>con&shy;fi\u200bguration\u2060 of 10&nbsp;km, e\u0301t\u00e9, \ufb01le\u200e \ue5cf</p></main>"))
        .isEqualTo("configuration of 10 km, \u00e9t\u00e9, file");
    assertThat(
            text(
                "<main><p>\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\udcbb</p></main>"))
        .contains("\u0645\u06cc\u200c\u062e", "\ud83d\udc69\u200d\ud83d\udcbb");
  }

  @Test
  void readsConfluencePages() throws Exception {
    assertThat(
            chunks(
                """
                <body><div id="page"><div id="main"><div id="main-header"><div id="breadcrumb-section"><ol><li>Home</li>
                </ol></div><h1 id="title-heading"><span>Ops : Restart</span></h1></div><div id="content" class="view">
                <div class="page-metadata">Created by ada</div><div id="main-content" class="wiki-content group">
                <h2 id="Restart-Steps">Steps</h2><p>Stop the pump.</p></div></div></div></div></body>
                """))
        .extracting(Chunk::heading, Chunk::body)
        .containsExactly(tuple("Steps", "Stop the pump."));
  }

  private static String text(String html) throws InvalidDocument {
    return chunks(html).stream().map(Chunk::text).collect(Collectors.joining("\n\n"));
  }

  private static List<Chunk> chunks(String html) throws InvalidDocument {
    return new Chunker(512)
        .chunks(new HtmlParser().parse(html.getBytes(StandardCharsets.UTF_8), "name"));
  }
}
