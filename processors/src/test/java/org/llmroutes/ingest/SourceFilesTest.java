package org.llmroutes.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each file is found once, under a name that says the same everywhere, or named as left out. */
class SourceFilesTest {
  @TempDir private Path folder;
  private final SourceFiles sources = new SourceFiles(Shard.ALL);

  @Test
  void linkedFilesAreFoundOnceAndLinksToNowhereAreNamed() throws IOException {
    write("docs/v2.1/guide.md");
    write("outside/other.md");
    link("docs/latest", "v2.1");
    link("docs/loop", ".");
    link("docs/alias.md", "v2.1/guide.md");
    link("docs/broken.md", "nowhere.md");
    link("docs/a.md", "b.md");
    link("docs/b.md", "a.md");
    link("docs/broken.png", "nowhere.png");
    link("docs/far", "../outside");

    assertThat(documents("docs")).containsExactly("docs/v2.1/guide.md");
    assertThat(sources.problems())
        .extracting(Problem::document)
        .containsExactlyInAnyOrder("docs/broken.md", "docs/a.md", "docs/b.md", "docs/far");
  }

  @Test
  void whatIsPassedOverIsFoundByTheLinksToIt() throws IOException {
    write("config/..2026/a.md");
    link("config/..data", "..2026");
    link("config/a.md", "..data/a.md");
    write("site/.releases/2/index.md");
    link("site/.releases/2/self", ".");
    link("site/current", ".releases/2");
    link("site/previous", ".releases/2");

    assertThat(documents("config")).containsExactly("config/a.md");
    assertThat(documents("site")).hasSize(2).contains("config/a.md");
    assertThat(sources.problems()).isEmpty();
  }

  @Test
  void anAccentIsOneNameHoweverItIsWritten() throws IOException {
    String name = "docs/Übersicht.md";
    write(Normalizer.normalize(name, Normalizer.Form.NFD));
    write("docs/日本語 100%25.md");

    assertThat(documents("docs")).containsExactly(name, "docs/日本語 100%25.md");
  }

  @Test
  void namesThatAreNoUtf8StayApart() throws Exception {
    Files.createDirectories(folder.resolve("docs"));
    String at = folder.resolve("docs").toUri().getRawPath();
    Files.writeString(Path.of(URI.create("file://" + at + "gr%FCn.md")), "green");
    Files.writeString(Path.of(URI.create("file://" + at + "gr%E4n.md")), "other");

    assertThat(documents("docs")).containsExactly("docs/gr%E4n.md", "docs/gr%FCn.md");
    assertThat(new String(read("docs/gr%FCn.md"), StandardCharsets.UTF_8)).isEqualTo("green");
  }

  @Test
  void aFileIsGoneOnlyWhereNoneHasItsName() throws IOException {
    write("docs/Überblick 100%.md");
    SourceRoot root = SourceRoot.of(Path.of("docs"), folder);

    assertThat(root.isGone("docs/Überblick 100%.md")).isFalse();
    assertThat(root.isGone("docs/Überblick.md")).isTrue();
  }

  @Test
  void typesThatAreNotReadAreCounted() throws IOException {
    write("docs/a.PNG");
    write("docs/b.png");
    write("docs/Makefile");

    assertThat(documents("docs")).isEmpty();
    assertThat(sources.otherTypes())
        .containsEntry(".png", 2)
        .containsEntry("without an extension", 1);
    assertThat(sources.saw("docs/b.png")).isTrue();
  }

  private List<String> documents(String path) {
    sources.add(SourceRoot.of(Path.of(path), folder));
    return sources.files().stream().map(SourceFile::document).toList();
  }

  private byte[] read(String document) throws IOException, InvalidDocument {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (SourceFile file : sources.files()) {
      if (file.document().equals(document)) {
        content.write(file.read(1 << 20));
      }
    }
    return content.toByteArray();
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "text");
  }

  private void link(String name, String target) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }
}
