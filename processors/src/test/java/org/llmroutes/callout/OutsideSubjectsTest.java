package org.llmroutes.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.llmroutes.local.Project;

/** What outside users may do is what the contract has for them. */
class OutsideSubjectsTest {
  private static final Path CONFIG = Project.root().resolve("config");

  private final OutsideSubjects subjects = OutsideSubjects.of(CONFIG.resolve("asyncapi.yaml"));

  @Test
  void areThoseOfTheContractWithTheUsersName() {
    assertThat(subjects.publish("ada"))
        .containsExactlyInAnyOrder(
            "ai.chat.user.ada.message",
            "ai.voice.user.ada.request",
            "ai.pipeline.user.ada.trigger",
            "ai.cancel.user.ada.*");
    assertThat(subjects.subscribe("ada"))
        .containsExactlyInAnyOrder("ai.user.ada.>", "_INBOX_ada.>");
  }

  @Test
  void areWhatTheAccountOfUsersImports() throws Exception {
    String guarded = Files.readString(CONFIG.resolve("nats-server/guarded.conf"));
    String users = guarded.substring(guarded.indexOf("USERS {"), guarded.indexOf("AUTH {"));

    assertThat(found("service: \\{account: AI, subject: \"(.+?)\"", users))
        .isEqualTo(found("service: \"(.+?)\", accounts: \\[USERS]", guarded))
        .isEqualTo(Set.copyOf(subjects.publish("*")));
    // all of a user's subjects, so that each connection can have its own of them
    assertThat(found("stream: \\{account: AI, subject: \"(.+?)\"", users))
        .isEqualTo(found("stream: \"(.+?)\", accounts: \\[USERS]", guarded))
        .isEqualTo(Set.of("ai.user.>"));
    assertThat(subjects.subscribe("*")).isEqualTo(List.of("ai.user.*.>", "_INBOX_*.>"));
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }
}
