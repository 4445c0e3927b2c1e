package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.llmroutes.local.Project;

/** What an integration engineer edits, in a folder of a test's own. */
record ProjectCopy(Path home) {

  static ProjectCopy into(Path home) throws IOException {
    for (String folder : List.of("routes", "kamelets", "config")) {
      try (Stream<Path> files = Files.walk(Project.root().resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, home.resolve(Project.root().relativize(file).toString()));
        }
      }
    }
    return new ProjectCopy(home);
  }

  void edit(String file, String before, String after) throws IOException {
    String text = Files.readString(home.resolve(file));
    assertThat(text).contains(before);
    Files.writeString(home.resolve(file), text.replace(before, after));
  }

  void putBack(String file) throws IOException {
    Files.copy(
        Project.root().resolve(file), home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }
}
