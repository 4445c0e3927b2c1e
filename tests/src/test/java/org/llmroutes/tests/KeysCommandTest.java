package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys from the command line; none of it asks a server. */
class KeysCommandTest {
  @TempDir private Path folder;

  @Test
  void makesAKeyThatIsShownOnceAndCanBeTakenAway() throws Exception {
    String added =
        run(
            0,
            "keys",
            "add",
            "--user",
            "ada",
            "--groups",
            "staff,hr",
            "--expires",
            "90d",
            "--forwards-users");
    String key = added.lines().findFirst().orElseThrow();
    assertThat(key).matches("lrk_[A-Za-z0-9_-]{43}");

    assertThat(Files.readString(file())).doesNotContain(key).contains("sha256");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    String listed = run(0, "keys", "list");
    assertThat(listed).contains("ada", "users it names", "hr, staff").doesNotContain(key);

    String id = listed.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    assertThat(run(1, "keys", "revoke", id, "no-such-key")).contains("no-such-key");
    assertThat(run(0, "keys", "list")).contains("ada");
    run(0, "keys", "revoke", id);
    assertThat(run(0, "keys", "list")).doesNotContain("ada");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys add | 2 | --user",
        "keys add --user ada@example.org | 2 | ada_40example_2Eorg",
        "keys add --user ada --expires soon | 2 | 2027-01-31",
        "keys add --user ada --expires 2020-01-01 | 2 | is over",
        "keys add --user ada --groups a,,b | 2 | --groups",
        "keys revoke | 2 | ID",
        "keys revoke abc | 1 | ./dev keys list",
        "keys list | 0 | no keys",
        "keys --help | 0 | auth.keys-file",
        "keys add --help | 0 | --expires"
      })
  void saysWhatIsWrong(String command, int exit, String words) throws Exception {
    assertThat(run(exit, command.split(" "))).contains(words).doesNotContain("\tat ");
    assertThat(file()).doesNotExist();
  }

  @Test
  void leavesAFileAloneThatItCannotRead() throws Exception {
    Files.writeString(file(), "keys:\n  - {sha256: short, user: ada}\n");

    assertThat(run(1, "keys", "add", "--user", "bob")).contains("key 1: sha256");
    assertThat(Files.readString(file())).contains("short");
  }

  private String run(int exit, String... arguments) throws Exception {
    ProductCommand.Result result =
        new ProductCommand(folder, Map.of(), Map.of("AUTH_KEYS_FILE", file().toString()))
            .run(arguments);
    assertThat(result.exit()).as(result.output()).isEqualTo(exit);
    return result.output();
  }

  private Path file() {
    return folder.resolve("keys.yaml");
  }
}
