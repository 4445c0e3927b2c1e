package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.Resilience;
import org.llmroutes.config.ServiceSettings;
import org.llmroutes.http.Deadline;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.HttpTextToSpeech;
import org.llmroutes.speech.Utterance;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.interactions.Actions;

/**
 * The voice page in a real Chromium, with a microphone that plays speech, Whisper and espeak-ng.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebVoiceTest {
  private static final int SAMPLE_BYTES = 2;
  private static final int HEADER_BYTES = 44;
  private static final String LATE =
      "Whoever comes later than that is asked to call before, so that the doors can be opened.";

  /** What the page plays comes back into the microphone, at a tenth, where it is a loudspeaker. */
  private static final String LOUDSPEAKER =
      """
      window.measured = {onsets: [], silences: []};
      const connect = AudioNode.prototype.connect;
      AudioNode.prototype.connect = function (to, ...more) {
        if (to instanceof AudioDestinationNode && this instanceof AnalyserNode) {
          const air = this.context.createGain();
          air.gain.value = 0.1;
          window.echo = this.context.createMediaStreamDestination();
          connect.call(connect.call(this, air), window.echo);
        }
        return connect.call(this, to, ...more);
      };
      const suspend = AudioContext.prototype.suspend;
      AudioContext.prototype.suspend = async function () {
        await suspend.call(this);
        measured.silences.push(performance.now());
      };
      const microphone = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
      if (microphone) navigator.mediaDevices.getUserMedia = async (wanted) => {
        window.wanted = wanted;
        const spoken = await microphone(wanted);
        const room = new AudioContext();
        const mixed = room.createMediaStreamDestination();
        const ear = room.createScriptProcessor(256, 1, 1);
        let quiet = 10;
        ear.onaudioprocess = ({inputBuffer}) => {
          if (inputBuffer.getChannelData(0).some((sample) => Math.abs(sample) > 0.02)) {
            if (quiet > 1) measured.onsets.push(performance.now());
            quiet = 0;
          }
          quiet += inputBuffer.duration;
        };
        const voice = room.createMediaStreamSource(spoken);
        connect.call(voice, mixed);
        connect.call(connect.call(voice, ear), room.destination);
        connect.call(room.createMediaStreamSource(echo.stream), mixed);
        return mixed.stream;
      };
      """;

  @TempDir private Path folder;
  private SpeechServers speech;
  private Stack stack;
  private Browser browser;
  private Instance gateway;

  @BeforeAll
  void start() throws Exception {
    speech = new SpeechServers();
    stack = new Stack(speech.environment());
    gateway = new Instance(stack);
    gateway.start("gateway");
    gateway.awaitReady();
  }

  @AfterEach
  void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterAll
  void stop() {
    gateway.close();
    stack.close();
    speech.close();
  }

  @Test
  void answersWhatIsSaidWhileTheButtonIsHeldAlthoughTheGatewayIsKilled() throws Exception {
    String begin = "There are seven people. They start at nine. " + LATE + " " + LATE + " ";
    String more = LATE + " " + LATE + " ";
    CountDownLatch shown = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    stack.vllm.script(
        request -> Reply.of(begin, more, LATE).pauseAfter(1, shown).pauseAfter(2, killed));
    listen(gateway.environment(), microphone("Who works in the library on Monday?", 0) + "%noloop");
    browser.open("#/voice");
    patiently().until(() -> mouth() >= 0);
    Actions hold = new Actions(browser.driver);

    hold.clickAndHold(browser.driver.findElement(By.cssSelector("button.hold"))).perform();
    patiently().until(() -> heardSeconds() > 4);
    hold.release().perform();

    patiently().until(() -> browser.text(".question").contains("library"));
    patiently().until(() -> browser.text(".phase").contains("Speaking"));
    patiently().until(() -> mouth() > 0.1);
    browser.screenshot("voice");
    browser.find("input[accept='.vrm']").sendKeys(oldAvatar("old.vrm", OldAvatar.PRESETS));
    patiently().until(() -> browser.text(".avatar").contains("The first one again"));
    shown.countDown();
    patiently().until(() -> mouth() > 0.1);
    gateway.kill();
    killed.countDown();
    patiently().until(() -> browser.text(".status").contains("Gateway away"));
    gateway.start("gateway");
    patiently().until(() -> browser.text(".spoken").endsWith(LATE));
    patiently().until(() -> browser.text(".phase").equals("Ready"));
    await().until(() -> !browser.text(".status").contains("away"));
    assertThat(browser.text(".spoken")).isEqualTo(begin + more + LATE);
    patiently().until(() -> mouth() < 0.05);
    assertThat(browser.errors()).filteredOn(error -> !error.contains("net::ERR_")).isEmpty();
    assertThat(browser.violations()).isEmpty();
  }

  /** Without an avatar: one that no GPU draws takes the processors from the sound. */
  @Test
  void isInterruptedByWhoeverSpeaksAndNotByItsOwnVoice() throws Exception {
    String answer = "This is a long answer that goes on and on. ".repeat(12);
    stack.vllm.script(request -> Reply.of(answer.split("(?<= )")));
    listen(
        stack.environment,
        microphone("Who works in the library on Monday?", 7),
        "--disable-3d-apis");
    browser.beforePages(LOUDSPEAKER);
    browser.open("#/voice");

    browser.press("Hands free");

    patiently().until(() -> browser.text(".phase").contains("Speaking"));
    patiently().until(() -> browser.has(".spoken del"));
    List<Double> onsets = measured("onsets");
    List<Double> silences = measured("silences");
    double silent = silences.get(0);
    List<Double> before = onsets.stream().filter(onset -> onset < silent).toList();
    assertThat(before).as("who was heard until it fell silent").hasSizeGreaterThan(1);
    browser.figure("ms from speech to silence", silent - before.get(before.size() - 1));
    assertThat(browser.driver.executeScript("return wanted.audio.echoCancellation"))
        .isEqualTo(true);
    patiently().until(() -> stack.vllm.requests().size() > 1);
    assertThat(browser.errors()).filteredOn(error -> !error.contains("WebGL")).isEmpty();
  }

  @Test
  void showsOldAvatarsAndKeepsTheOneThatWasGood() throws Throwable {
    browser = new Browser(address(stack.environment));
    browser.beforePages(
        """
        window.frames = [];
        const request = requestAnimationFrame;
        window.requestAnimationFrame = (draw) =>
          request((time) => {
            const begun = performance.now();
            draw(time);
            frames.push(performance.now() - begun);
          });
        """);
    browser.open("#/voice");
    patiently().until(() -> mouth() >= 0);
    patiently().until(this::looksAtMe);
    String[] strange = {"aa=A", "ih=I", "ou=U", "ee=E", "oh=O", "blink=Blink"};
    Map<String, String> unknown = new HashMap<>();
    for (String name : strange) {
      unknown.put(name.split("=")[0], "unknown=" + name.split("=")[1]);
    }

    browser.find("input[accept='.vrm']").sendKeys(oldAvatar("strange.vrm", unknown));

    patiently().until(() -> browser.text(".avatar").contains("The first one again"));
    patiently().until(this::looksAtMe);
    patiently().until(() -> expression("blink") > 0.5);
    for (String broken : List.of("none.vrm", "cut.vrm", "<img src=x onerror=alert(1)>.vrm")) {
      byte[] whole = Files.readAllBytes(folder.resolve("strange.vrm"));
      Path file = Files.write(folder.resolve(broken), Arrays.copyOf(whole, broken.length() * 100));
      browser.find("input[accept='.vrm']").sendKeys(file.toString());
      patiently().until(() -> browser.text(".avatar").contains(broken + " is no VRM avatar"));
    }
    browser.driver.navigate().refresh();
    patiently().until(() -> browser.text(".avatar").contains("The first one again"));
    patiently().until(this::looksAtMe);
    browser.driver.executeScript("frames.length = 0");
    patiently().until(() -> (Long) browser.driver.executeScript("return frames.length") > 30);
    browser.figure(
        "ms of script in a frame, at the median and at most",
        browser.driver.executeScript(
            "frames.sort((a, b) => a - b); return [frames[frames.length >> 1], frames.at(-1)]"));
    browser.press("The first one again");
    await().until(() -> !browser.text(".avatar").contains("The first one again"));
    browser.isAccessible();
    assertThat(browser.errors()).isEmpty();
  }

  private static String address(Map<String, String> environment) {
    return "http://127.0.0.1:" + environment.get("GATEWAY_PORT");
  }

  private String oldAvatar(String name, Map<String, String> presets) throws Exception {
    byte[] own = Files.readAllBytes(Project.root().resolve("web/dist/avatar.vrm"));
    return Files.write(folder.resolve(name), OldAvatar.of(own, presets)).toString();
  }

  /** Skin is lighter than hair: in the middle of the head is the face, or its back. */
  private boolean looksAtMe() throws Exception {
    BufferedImage seen =
        ImageIO.read(
            new ByteArrayInputStream(
                browser.find(".avatar canvas").getScreenshotAs(OutputType.BYTES)));
    Color middle = new Color(seen.getRGB(seen.getWidth() / 2, seen.getHeight() * 2 / 5));
    return middle.getRed() > 150 && middle.getRed() > middle.getBlue();
  }

  @SuppressWarnings("unchecked")
  private List<Double> measured(String what) {
    return ((List<Number>) browser.driver.executeScript("return measured." + what))
        .stream().map(Number::doubleValue).toList();
  }

  private double expression(String name) {
    return ((Number) browser.driver.executeScript("return avatarExpressions()." + name))
        .doubleValue();
  }

  /** Opens a browser whose microphone plays a file. */
  private void listen(Map<String, String> environment, String microphone, String... flags) {
    browser =
        new Browser(
            address(environment),
            Stream.concat(
                    Stream.of(
                        "--use-fake-device-for-media-stream",
                        "--use-fake-ui-for-media-stream",
                        "--use-file-for-fake-audio-capture=" + microphone),
                    Stream.of(flags))
                .toArray(String[]::new));
  }

  /** A WAV of a sentence, with silence after it. */
  private String microphone(String sentence, int seconds) throws Exception {
    byte[] spoken =
        HttpTextToSpeech.of(
                new ServiceSettings(
                    "voice",
                    speech.espeak.url(),
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
    byte[] whole = Arrays.copyOf(spoken, spoken.length + silence);
    return Files.write(folder.resolve("microphone.wav"), whole).toString();
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
