package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.http.Deadline;
import org.llmroutes.retrieval.DocumentCollection;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.EmbeddingSpace;
import org.llmroutes.retrieval.HttpEmbeddings;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.Passage;
import org.llmroutes.retrieval.SearchScope;
import org.llmroutes.tests.ProductCommand.Result;

/** {@code ingest} as a process of its own, against real Milvus and real embeddings. */
class IngestTest {
  private static final int LONG = 300;

  private final Stack stack = Stack.shared();
  private final EmbeddingRelay relay = new EmbeddingRelay(stack.embeddings.url());
  private final PlatformServices services = PlatformServices.load(stack.settings);
  private final MilvusConnection milvus = new MilvusConnection(services.milvus());
  private final String collection = "c" + UUID.randomUUID().toString().replace("-", "");
  @TempDir private Path folder;
  private ProductCommand command;

  @BeforeEach
  void behindTheRelay() {
    command = new ProductCommand(folder, stack.environment, Map.of("EMBEDDINGS_URL", relay.url()));
  }

  @AfterEach
  void close() {
    milvus.close();
    relay.close();
  }

  @Test
  void aSecondRunEmbedsAndWritesNothing() throws Exception {
    write("docs/birds.md", "# Birds\n\nThe heron waits for fish in shallow water.");
    write("docs/.hidden.md", "# Hidden");
    write("docs/target/built.md", "# Built");
    write("docs/picture.png", "png");

    Result first = ingest("docs");
    int asked = relay.requests();
    Result second = ingest("docs");

    assertThat(first.exit()).as(first.output()).isZero();
    assertThat(first.output())
        .contains("1 new, 0 changed, 0 unchanged, 1 skipped", "1 chunks", "1 .png");
    assertThat(second.output()).contains("0 new, 0 changed, 1 unchanged", "0 chunks written");
    assertThat(relay.requests()).as("asked which model it is").isEqualTo(asked + 1);
    assertThat(search("Which animal stands still to catch its food?", Map.of()))
        .first()
        .satisfies(
            found -> {
              assertThat(found.document()).isEqualTo("docs/birds.md");
              assertThat(found.title()).isEqualTo("Birds");
              assertThat(found.text()).contains("The heron waits");
            });
  }

  @Test
  void readersChangeWithoutEmbeddingAnything() throws Exception {
    write("docs/pay.md", "# Pay\n\nThe salary is secret.\n\n## Bonus\n\nSo is the bonus.");
    write("docs/own.md", "---\nreaders: user:bob\n---\n# Own\n\nNotes of bob.");
    ingest("docs", "--readers", "group:hr");
    int embedded = relay.texts().size();

    assertThat(documents("public")).isEmpty();
    assertThat(documents("user:bob")).isEmpty();
    assertThat(documents("group:hr")).containsOnly("docs/pay.md", "docs/own.md");
    assertThat(ingest("docs", "--readers", "group:hr").output()).contains("0 changed, 2 unchanged");

    assertThat(ingest("docs").output()).contains("1 changed, 1 unchanged", "1 chunks written");
    assertThat(documents("group:hr")).containsOnly("docs/pay.md");
    assertThat(documents("user:bob")).containsExactly("docs/own.md");
    write("docs/own.md", "---\nreaders: [user:bob, group:staff]\n---\n# Own\n\nNotes of bob.");
    assertThat(ingest("docs").output()).contains("1 changed, 1 unchanged");
    assertThat(documents("group:staff")).containsExactly("docs/own.md");
    write("docs/own.md", "# Own\n\nNotes of bob.");
    assertThat(ingest("docs").output()).contains("0 changed, 2 unchanged");
    assertThat(documents("public")).isEmpty();
    assertThat(ingest("docs", "--readers", "public").output()).contains("2 changed, 0 unchanged");
    assertThat(documents("public")).hasSize(3);
    assertThat(relay.texts().subList(embedded, relay.texts().size()))
        .containsOnly(EmbeddingSpace.SAMPLE_TEXT);
  }

  @Test
  void whatNamesNoReadersIsAnError() throws Exception {
    write("docs/pay.md", "---\nreaders: hr\n---\n# Pay\n\nThe salary is secret.");
    write("docs/open.md", "# Open\n\nFor all.");

    Result left = ingest("docs");
    Result wrong = ingest("docs", "--readers", "hr");

    assertThat(left.exit()).as(left.output()).isEqualTo(3);
    assertThat(left.output())
        .contains("docs/pay.md", "a reader is user:NAME, group:NAME or public");
    assertThat(documents()).containsExactly("docs/open.md");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.output()).contains("--readers: a reader is user:NAME, group:NAME or public");
    assertThat(ingest("docs", "--metadata", "readers=group:hr").output())
        .contains("--readers READERS says who may read");
  }

  private List<String> documents(String reader) {
    return search(reader, "anything", Map.of()).stream().map(Passage::document).toList();
  }

  @Test
  void aCollectionOfAnotherModelIsLeftAlone() throws Exception {
    write("docs/birds.md", "# Birds");
    new DocumentCollection(milvus).ensure(collection, new EmbeddingSpace("e5-small", 384, ""));

    Result result = ingest("docs");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output())
        .contains(
            "holds vectors of size 384 by e5-small", "ingest into another collection", relay.url());
    assertThat(documents()).isEmpty();
  }

  @Test
  void aChangedFileReplacesExactlyItsOwnChunks() throws Exception {
    write("docs/a.md", "# A\n\nKept.\n\n## B\n\nOld words.\n\n## C\n\nSurplus.");
    write("docs/b.md", "# Other\n\nUntouched.");
    ingest("docs");
    int embedded = relay.texts().size();
    write("docs/a.md", "# A\n\nKept.\n\n## B\n\nNew words.");

    Result result = ingest("docs");

    assertThat(result.output()).contains("0 new, 1 changed, 1 unchanged", "2 chunks written");
    assertThat(relay.texts().subList(embedded, relay.texts().size()))
        .containsExactlyInAnyOrder(EmbeddingSpace.SAMPLE_TEXT, "A\n\nKept.", "A > B\n\nNew words.");
    assertThat(search("words", Map.of()))
        .extracting(Passage::document, Passage::chunk, Passage::text)
        .containsExactlyInAnyOrder(
            tuple("docs/a.md", 0, "A\n\nKept."),
            tuple("docs/a.md", 1, "B\n\nNew words."),
            tuple("docs/b.md", 0, "Other\n\nUntouched."));
  }

  @Test
  void pruningRemovesWhatIsGoneBelowThePathsAlone() throws Exception {
    write("docs/stays.md", "Stays");
    write("docs/goes.md", "Goes");
    write("docs2/elsewhere.md", "Elsewhere");
    ingest("docs", "docs2");
    Files.delete(folder.resolve("docs/goes.md"));
    Files.delete(folder.resolve("docs2/elsewhere.md"));

    Result kept = ingest("docs");
    List<String> before = documents();
    Result pruned = ingest("docs", "--prune");

    assertThat(kept.output()).contains("0 removed");
    assertThat(before).hasSize(3);
    assertThat(pruned.output()).contains("1 removed");
    assertThat(documents()).containsExactlyInAnyOrder("docs/stays.md", "docs2/elsewhere.md");
  }

  @Test
  void shardsShareTheDocumentsAndTogetherHoldAll() throws Exception {
    for (int i = 0; i < 8; i++) {
      write("docs/" + i + ".md", "Text " + i);
    }

    Result first = ingest("docs", "--shard", "1/2");
    List<String> ofTheFirst = documents();
    Result second = ingest("docs", "--shard", "2/2");

    assertThat(first.exit()).as(first.output()).isZero();
    assertThat(ofTheFirst).hasSizeBetween(1, 7);
    assertThat(second.output()).contains(8 - ofTheFirst.size() + " new, 0 changed, 0 unchanged");
    assertThat(documents()).hasSize(8);
  }

  @Test
  void aSourceSaysWhereItStandsAndWhenItWasWritten() throws Exception {
    write(
        "docs/a.md",
        "---\nurl: https://example.org/a\nlastmod: 2024-05-01\nlevel: 2\n---\n# A\n\n## On birds\n\nThe heron");
    ingest("docs");

    Result asked = command.run("chat", "--collection", collection, "--json", "Which bird?");
    Result shown = command.run("chat", "--collection", collection, "Which bird?");

    JsonNode source = new ObjectMapper().readTree(asked.output()).path("sources").path(0);
    assertThat(source.path("anchor").textValue()).isEqualTo("on-birds");
    assertThat(source.path("url").textValue()).isEqualTo("https://example.org/a#on-birds");
    assertThat(source.path("modified").textValue()).isEqualTo("2024-05-01T00:00:00Z");
    assertThat(source.path("metadata").path("level").intValue()).isEqualTo(2);
    assertThat(source.path("metadata").has("content_hash")).isFalse();
    assertThat(shown.output())
        .containsPattern("\\[1] docs/a.md {2}A > On birds\\R +https://example.org/a#on-birds");
  }

  @Test
  void metadataCanBeFilteredBy() throws Exception {
    write("docs/a.md", "---\nlevel: 2\nteam: birds\n---\nThe heron");
    write("docs/b.md", "---\nlevel: 3\nteam: birds\n---\nThe stork");

    ingest("docs", "--metadata", "team=animals", "--metadata", "draft=false");

    assertThat(search("bird", Map.of("level", 3, "team", "animals", "draft", false)))
        .extracting(Passage::document)
        .containsExactly("docs/b.md");
    assertThat(search("bird", Map.of("team", "birds"))).isEmpty();
  }

  @Test
  void aBrokenFileIsNamedAndTheOthersAreIngested() throws Exception {
    write("docs/broken.pdf", "%PDF-1.7 nothing");
    Files.write(folder.resolve("docs/picture.txt"), new byte[] {(byte) 0x89, 'P', 0, 0, 1, 2});
    write("docs/good.md", "Good");

    Result result = ingest("docs");

    assertThat(result.exit()).as(result.output()).isEqualTo(3);
    assertThat(result.output())
        .contains("docs/broken.pdf is not a readable PDF", "docs/picture.txt is not text")
        .contains("1 new", "2 failed");
    assertThat(documents()).containsExactly("docs/good.md");
  }

  @Test
  void aTextThatTheServiceRefusesIsNamedAndTheRestIsThere() throws Exception {
    relay.refuse(text -> text.contains("QUARK") || text.length() > 600);
    write("docs/good.md", "# Good\n\nThe stork");
    write("docs/long.md", "# Long\n\n" + "The heron waits for fish. ".repeat(60));
    write("docs/mixed.md", "# Mixed\n\nThe kite\n\n## Bad\n\nA QUARK");
    write("docs/poison.md", "# Poison\n\nA QUARK");

    Result first = ingest("docs", "--json");
    int asked = relay.requests();
    Result second = ingest("docs");

    assertThat(first.exit()).as(first.output()).isEqualTo(3);
    assertThat(first.output())
        .contains("\"new\":3", "\"failed\":2")
        .contains("was ingested in part, without the text below \\\"Mixed > Bad\\\"")
        .contains("the text is too much for it");
    assertThat(documents())
        .contains("docs/good.md", "docs/long.md", "docs/mixed.md")
        .doesNotContain("docs/poison.md");
    assertThat(second.exit()).isEqualTo(3);
    assertThat(second.output()).contains("1 changed, 2 unchanged", "docs/poison.md was left out");
    assertThat(relay.requests() - asked).isLessThan(15);
  }

  @Test
  void aFileTooLargeForTheMemoryIsNamedAndTheRestIsThere() throws Exception {
    write("docs/table.html", "<table>" + "<tr><td>1</td></tr>".repeat(600_000) + "</table>");
    write("docs/good.md", "Good");

    Result result =
        new ProductCommand(
                folder,
                stack.environment,
                Map.of("EMBEDDINGS_URL", relay.url(), "JAVA_OPTS", "-Xmx96m"))
            .run(full("docs"));

    assertThat(result.exit()).as(result.output()).isEqualTo(3);
    assertThat(result.output()).contains("docs/table.html needs about", "1 new");
  }

  @Test
  void namesAreTheSameWithoutALocale() throws Exception {
    write("docs/\u00dcberblick.md", "Herons");
    write("docs/U\u0308bersicht.md", "Storks");

    Result result =
        new ProductCommand(
                folder, stack.environment, Map.of("EMBEDDINGS_URL", relay.url(), "LC_ALL", "C"))
            .run(full("docs"));

    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(documents())
        .containsExactlyInAnyOrder("docs/\u00dcberblick.md", "docs/\u00dcbersicht.md");
  }

  @Test
  void nothingIsRemovedBecauseAFolderHasVanished() throws Exception {
    write("docs/a.md", "A");
    ingest("docs");
    Files.delete(folder.resolve("docs/a.md"));

    Result refused = ingest("docs", "--prune");
    List<String> kept = documents();
    Result forced = ingest("docs", "--prune", "--allow-empty");

    assertThat(refused.exit()).as(refused.output()).isEqualTo(3);
    assertThat(refused.output()).contains("docs has no files, but 1 documents", "0 removed");
    assertThat(kept).containsExactly("docs/a.md");
    assertThat(forced.output()).contains("1 removed");
    assertThat(documents()).isEmpty();
  }

  @Test
  void wrongUseIsSaid() throws Exception {
    write("docs/a.md", "A");

    assertThat(ingest("docs", "--metadata", "text=x"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(2))
        .satisfies(r -> assertThat(r.output()).contains("text cannot be a metadata field"));
    assertThat(ingest("docs", "--shard", "3/2"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(2))
        .satisfies(r -> assertThat(r.output()).contains("as in 2/4"));
    assertThat(ingest("nowhere"))
        .satisfies(r -> assertThat(r.exit()).isEqualTo(2))
        .satisfies(r -> assertThat(r.output()).contains("There is no file or folder nowhere"));
  }

  @Test
  void anUnreachableServiceIsNamedWithItsAddress() throws Exception {
    write("docs/a.md", "A");
    relay.close();

    Result result = ingest("docs");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.output()).contains("embeddings cannot be reached (" + relay.url() + ")");
  }

  @Test
  void ctrlCStopsAndTheNextRunMakesItWhole() throws Exception {
    StringBuilder book = new StringBuilder();
    for (int section = 0; section < LONG; section++) {
      book.append("# Section ").append(section).append("\n\nText ").append(section).append("\n\n");
    }
    write("docs/book.md", book.toString());
    CountDownLatch held = new CountDownLatch(1);
    // the first request learns the vector size, the next two are the first batch
    relay.holdFrom(4, held);
    Process process = start("docs");
    await().until(() -> relay.requests() == 4);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    await().until(() -> Files.readString(command.output()).contains("Stopping"));
    held.countDown();

    Result cancelled = command.result(process);
    int written = documents().size();
    Result again = ingest("docs");

    assertThat(cancelled.exit()).isEqualTo(130);
    assertThat(cancelled.output()).contains("Cancelled");
    assertThat(written).isPositive().isLessThan(LONG);
    assertThat(again.output()).contains("1 new", LONG + " chunks written");
    assertThat(documents()).hasSize(LONG);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Document names of the chunks that are there. */
  private List<String> documents() {
    return search("anything", Map.of()).stream().map(Passage::document).toList();
  }

  private List<Passage> search(String question, Map<String, ?> filter) {
    return search("public", question, filter);
  }

  private List<Passage> search(String reader, String question, Map<String, ?> filter) {
    float[] vector =
        HttpEmbeddings.of(services.embeddings()).embedQuery(question, Deadline.never());
    return new DocumentSearch(milvus)
        .search(collection, question, vector, SearchScope.of(List.of(reader), filter), 1000, 0.8);
  }

  private Result ingest(String... arguments) throws Exception {
    return command.run(full(arguments));
  }

  private Process start(String... arguments) throws IOException {
    return command.start(full(arguments));
  }

  private String[] full(String... arguments) {
    return Stream.concat(Stream.of("ingest", "--collection", collection), Stream.of(arguments))
        .toArray(String[]::new);
  }
}
