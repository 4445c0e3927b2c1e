package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.config.Settings;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.local.voice.EspeakService;
import org.llmroutes.local.voice.WhisperService;
import org.llmroutes.platform.Platform;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.Utterance;
import org.openqa.selenium.By;
import org.openqa.selenium.interactions.Actions;

/**
 * The voice page in a real Chromium, with a microphone that plays speech, Whisper and espeak-ng.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebVoiceTest {
  private static final int SAMPLE_BYTES = 2;
  private static final int HEADER_BYTES = 44;

  @TempDir private Path folder;
  private Stack stack;
  private WhisperService whisper;
  private EspeakService espeak;
  private Browser browser;
  private String address;

  @BeforeAll
  void start() throws Exception {
    stack = new Stack();
    whisper = new WhisperService(stack.data.resolve("whisper"), 0);
    espeak = new EspeakService(stack.data.resolve("espeak-ng"), 0);
    List.of(whisper, espeak).parallelStream().forEach(service -> service.start());
    stack.platform.close();
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put("WHISPER_URL", whisper.url());
    environment.put("TTS_URL", espeak.url());
    stack.platform = new Platform(Settings.load(Project.root(), environment));
    stack.platform.start();
    address = "http://127.0.0.1:" + environment.get("GATEWAY_PORT");
  }

  @AfterEach
  void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterAll
  void stop() {
    espeak.close();
    whisper.close();
    stack.close();
  }

  @Test
  void hearsAndAnswersWhileTheButtonIsHeld() throws Exception {
    stack.vllm.script(request -> Reply.of("There are ", "seven people. ", "They start at nine."));
    open(microphone("Who works in the library on Monday?", 0), false);
    Actions hold = new Actions(browser.driver);

    hold.clickAndHold(browser.driver.findElement(By.cssSelector("button.hold"))).perform();
    patiently().until(() -> heardSeconds() > 4);
    hold.release().perform();

    patiently().until(() -> browser.text(".question").contains("library"));
    patiently().until(() -> browser.text(".phase").contains("Speaking"));
    patiently().until(() -> mouth() > 0.1);
    browser.screenshot("voice");
    patiently().until(() -> browser.text(".phase").equals("Ready"));
    assertThat(browser.text(".spoken")).isEqualTo("There are seven people. They start at nine.");
    patiently().until(() -> mouth() < 0.05);
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.violations()).isEmpty();
  }

  @Test
  void isInterruptedBySpeakingHandsFree() throws Exception {
    String answer = "This is a long answer that goes on and on. ".repeat(12);
    stack.vllm.script(request -> Reply.of(answer.split("(?<= )")));
    open(microphone("Who works in the library on Monday?", 6), true);

    browser.press("Hands free");

    patiently().until(() -> browser.text(".phase").contains("Speaking"));
    patiently().until(() -> browser.has(".spoken del"));
    patiently().until(() -> stack.vllm.requests().size() > 1);
    assertThat(browser.errors()).isEmpty();
  }

  private void open(Path microphone, boolean loop) {
    browser =
        new Browser(
            address,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--use-file-for-fake-audio-capture=" + microphone + (loop ? "" : "%noloop"));
    browser.open("#/voice");
    patiently().until(() -> mouth() >= 0);
  }

  /** A WAV of a sentence, with silence after it. */
  private Path microphone(String sentence, int seconds) throws Exception {
    byte[] spoken =
        HttpTextToSpeech.of(
                new ServiceSettings(
                    "voice",
                    espeak.url(),
                    "openai",
                    "any",
                    "",
                    Duration.ofSeconds(120),
                    0,
                    Resilience.none()))
            .speak(new Utterance(sentence, "", "en", AudioFormat.WAV), Deadline.never())
            .bytes();
    java.nio.ByteBuffer header =
        java.nio.ByteBuffer.wrap(spoken).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int silence = header.getInt(24) * SAMPLE_BYTES * seconds;
    header
        .putInt(4, spoken.length - 8 + silence)
        .putInt(40, spoken.length - HEADER_BYTES + silence);
    byte[] whole = java.util.Arrays.copyOf(spoken, spoken.length + silence);
    return Files.write(folder.resolve("microphone.wav"), whole);
  }

  /** How long the page has been open, in seconds; the microphone plays meanwhile. */
  private double heardSeconds() {
    return ((Number)
            browser.driver.executeScript(
                "window.heldSince ??= performance.now(); return (performance.now() - window.heldSince) / 1000"))
        .doubleValue();
  }

  /** How far the avatar's mouth is open, or -1 before there is an avatar. */
  private double mouth() {
    return ((Number)
            browser.driver.executeScript(
                "const e = window.avatarExpressions?.(); return e ? Math.max(e.aa, e.ih, e.ou, e.ee, e.oh) : -1"))
        .doubleValue();
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
  }
}
