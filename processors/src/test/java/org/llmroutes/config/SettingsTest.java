package org.llmroutes.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.local.Project;

/** Settings from the file, and from the environment before it. */
class SettingsTest {
  @TempDir Path home;

  private Settings settings(String file, Map<String, String> environment) throws IOException {
    Path path = home.resolve("config/application.properties");
    Files.createDirectories(path.getParent());
    Files.writeString(path, file);
    return Settings.load(home, environment);
  }

  @Test
  void theEnvironmentComesFirst() throws IOException {
    Settings settings =
        settings(
            "chat.rewrite.enabled=true\nchat.max-tokens=5\nturn.timeout=30s\n",
            Map.of("CHAT_REWRITE_ENABLED", "false", "CHAT_MAX_TOKENS", " 7 ", "NOT_A_KEY", "x"));

    assertThat(settings.getBoolean("chat.rewrite.enabled")).isFalse();
    assertThat(settings.getInt("chat.max-tokens")).isEqualTo(7);
    assertThat(settings.getDuration("turn.timeout")).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.all())
        .isEqualTo(
            Map.of("chat.rewrite.enabled", "false", "chat.max-tokens", "7", "turn.timeout", "30s"));
  }

  @Test
  void aMistakeNamesTheKey() throws IOException {
    Settings settings = settings("a.number=many\na.flag=yes\n", Map.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.getInt("a.number"))
        .withMessage("a.number must be a whole number, is many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.getBoolean("a.flag"))
        .withMessage("a.flag must be true or false, is yes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.get("a.key"))
        .withMessage("No setting a.key in config/application.properties");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "", "s", "5x", "5 parsecs", "-5s"})
  void aDurationHasAUnit(String value) throws IOException {
    Settings settings = settings("a.time=" + value + "\n", Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.getDuration("a.time"))
        .withMessage("a.time must be a duration such as 30s or 250ms, is " + value);
  }

  @Test
  void withoutTheFileItSaysWhatToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.load(home, Map.of()))
        .withMessageContaining("application.properties")
        .withMessageContaining("LLM_ROUTES_HOME");
  }

  @Test
  void whatTheProjectBringsIsComplete() {
    Settings settings = Settings.load(Project.root(), Map.of());
    assertThat(settings.getInt("chat.workers")).isPositive();
    assertThat(settings.getDuration("conversation.time-to-live")).isEqualTo(Duration.ofDays(30));
  }
}
