package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.NatsServer;
import org.llmroutes.local.Project;
import org.llmroutes.local.fake.FakeVllm.Reply;
import org.llmroutes.nats.NatsSetup;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The chat page in a real Chromium, on a gateway of its own, with answers that a fake LLM writes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebChatTest {
  private static final int TALL = 1500;

  private final Stack stack = Stack.shared();
  private final Instance gateway = new Instance(stack);
  private Browser browser;
  @TempDir private Path folder;

  @BeforeAll
  void start() throws Exception {
    gateway.start("gateway");
    browser = new Browser("http://127.0.0.1:" + gateway.environment().get("GATEWAY_PORT"));
    gateway.awaitReady();
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    gateway.close();
  }

  @AfterEach
  void nothingIsSaidToTheConsole() {
    assertThat(browser.errors())
        .filteredOn(error -> !error.contains("404") && !error.contains("net::ERR_"))
        .isEmpty();
  }

  @Test
  void showsTheAnswerAsItIsWrittenWithItsSources() throws Exception {
    String collection = "birds";
    stack.documents.collection(collection);
    stack.documents.page(
        collection,
        "birds/heron.md",
        "Herons > Hunting",
        "The heron waits for fish in shallow water, without moving, until one comes near.");
    stack.documents.page(
        collection, "birds/stork.md", "Storks > Food", "The stork walks and looks for frogs.");
    CountDownLatch seen = new CountDownLatch(1);
    stack.vllm.script(
        request ->
            Reply.of(
                    "It waits ",
                    "for **fish** in shallow water ",
                    "[1].\n\n",
                    "- The stork walks [2]")
                .pauseAfter(1, seen));
    browser.open("#/chat");
    browser.find("option[value='" + collection + "']").click();

    ask("What does the heron wait for?");

    await().until(() -> browser.text(".answer").contains("It waits"));
    assertThat(browser.text(".composer")).contains("Stop");
    assertThat(browser.driver.getTitle()).isEqualTo("Answering… · Chat · llm-routes");
    assertThat(said()).isEqualTo("The answer is on its way");
    seen.countDown();
    await().until(() -> browser.text(".composer").contains("Ask"));
    assertThat(said()).as("told at once").contains("It waits for", "The stork walks");
    assertThat(browser.text(".markdown")).startsWith("It waits for fish in shallow water 1.");
    assertThat(browser.find(".markdown strong").getText()).isEqualTo("fish");
    browser.find("button.cite").click();
    await().until(() -> browser.text(".passage").contains("without moving"));
    browser.screenshot("chat");
  }

  /** Nothing of the voice page is loaded with it, and nothing comes from elsewhere. */
  @Test
  void isSmall() throws Exception {
    browser.open("#/chat");
    browser.find(".composer textarea");

    Object sizes =
        browser.driver.executeScript(
            """
            const files = performance.getEntriesByType("resource").filter((file) => !file.name.includes("/api/"));
            return [files.reduce((sum, file) => sum + file.encodedBodySize, 0), files.every((file) => file.name.startsWith(origin))];
            """);

    assertThat(((List<?>) sizes).get(1)).isEqualTo(true);
    assertThat((Long) ((List<?>) sizes).get(0)).isBetween(1000L, 120_000L);
    browser.figure("bytes of the chat page, gzipped", ((List<?>) sizes).get(0));
    browser.figure(
        "ms to the first paint",
        browser.driver.executeScript(
            "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"));
  }

  @Test
  void stopsAnAnswer() {
    slowly(Collections.nCopies(2000, "on ").toArray(String[]::new));
    browser.open("#/chat");
    ask("Go on");
    await().until(() -> browser.text(".answer").contains("on on"));

    browser.press("Stop");

    await().until(() -> browser.text(".note").contains("Stopped."));
    assertThat(browser.text(".composer")).contains("Ask");
  }

  @Test
  void triesAFailedQuestionAgainAndCopiesTheCodeOfItsAnswer() {
    stack.vllm.script(request -> Reply.failing(400));
    browser.open("#/chat");
    browser.driver.executeScript(
        "navigator.clipboard.writeText = async (text) => void (window.copied = text)");
    ask("Which command?");
    browser.find(".note.error");
    stack.vllm.script(request -> Reply.of("This:\n\n```\nls -l <here>\n```\n"));

    browser.press("Try again");

    browser.find("button.copy").click();
    await()
        .until(() -> "ls -l <here>".equals(browser.driver.executeScript("return window.copied")));
    assertThat(browser.text(".question")).as("asked anew, not twice").isEqualTo("Which command?");
    assertThat(browser.has(".note.error")).isFalse();
  }

  @Test
  void goesOnWithAnAnswerAfterAReload() {
    CountDownLatch refreshed = new CountDownLatch(1);
    stack.vllm.script(request -> Reply.of(numbers(150)).pauseAfter(30, refreshed));
    browser.open("#/chat");
    ask("Count");
    await().until(() -> browser.text(".answer").contains("20 "));

    browser.driver.navigate().refresh();
    refreshed.countDown();

    await().until(() -> browser.text(".composer").contains("Ask"));
    await().until(() -> browser.text(".markdown").contains("149"));
    assertThat(browser.text(".question")).isEqualTo("Count");
    assertThat(browser.text(".markdown").trim()).isEqualTo(String.join("", numbers(150)).trim());
  }

  @Test
  void goesOnWithAnAnswerWhereTheGatewayWasKilled() throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    stack.vllm.script(request -> Reply.of(numbers(300)).pauseAfter(30, killed));
    browser.open("#/chat");
    ask("Count");
    await().until(() -> browser.text(".answer").contains("20 "));

    gateway.kill();
    killed.countDown();
    await().until(() -> browser.text(".status").contains("Gateway away"));
    gateway.start("gateway");

    await().until(() -> browser.text(".markdown").contains("299"));
    assertThat(browser.text(".markdown").trim()).isEqualTo(String.join("", numbers(300)).trim());
    await().until(() -> !browser.text(".status").contains("away"));
  }

  @Test
  void answersFromADocumentThatWasDroppedWhileTheGatewayWasKilled() throws Exception {
    String collection = "dropped" + UUID.randomUUID().toString().substring(0, 8);
    stack.vllm.script(request -> Reply.of("It sings [1]."));
    browser.open("#/pipelines");
    // as people do it: clear() tells the page nothing, which then puts back what was there
    browser.find(".upload input[list]").sendKeys(Keys.chord(Keys.CONTROL, "a"), collection);
    await()
        .until(
            () -> collection.equals(browser.find(".upload input[list]").getDomProperty("value")));
    gateway.kill();

    drop(
        "new File(['# Wrens\\n\\nThe wren sings in the hedge.'], 'wren.md')",
        "new File(['%PDF-1.7 nothing'], '<img src=x onerror=alert(1)>.pdf')");
    await().until(() -> browser.text(".status").contains("Gateway away"));
    assertThat(browser.text(".run .state")).contains("uploading");
    gateway.start("gateway");

    await().until(() -> browser.text(".run.succeeded").contains("uploads/local/wren.md is new"));
    await().until(() -> browser.text(".run.failed").contains("onerror=alert(1)"));
    await().until(() -> !browser.text(".status").contains("away"));
    await().until(() -> !browser.has(".note.warning"));
    browser.open("#/chat");
    browser.find("option[value='" + collection + "']").click();
    ask("What does the wren do?");
    await().until(() -> browser.text(".answer").contains("Wrens"));
  }

  /** Some of it is sent, and then the page is left, or thinks better of it. */
  @Test
  void saysWhatBecameOfAnUploadThatWasCutOff() {
    browser.open("#/pipelines");
    browser.find(".upload");
    browser.driver.executeCdpCommand("Network.enable", Map.of());
    uploadSpeed(100_000);
    drop("new File(['%PDF' + 'x'.repeat(500000)], 'given-up.pdf')");
    browser.find(".run progress[aria-label$='% sent']");
    browser.press("Cancel");
    await().until(() -> !browser.text(".runs").contains("given-up.pdf"));
    drop("new File(['%PDF' + 'x'.repeat(500000)], 'left.pdf')");
    browser.find(".run.uploading progress");

    browser.driver.navigate().refresh();
    uploadSpeed(-1);

    await().until(() -> browser.text(".run.not-sent").contains("left.pdf"));
    assertThat(browser.text(".runs")).contains("Choose the file again");
  }

  @Test
  void showsTheOneEndOfAnUploadWhoseBridgeIsKilledInTheMiddle() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (NatsServer server = new NatsServer(folder.resolve("nats"), 0);
        EmbeddingRelay embeddings = new EmbeddingRelay(stack.embeddings.url())) {
      server.start();
      Map<String, String> own =
          Map.of(
              "NATS_URL", server.url(),
              "EMBEDDINGS_URL", embeddings.url(),
              "PIPELINES_LEASE", "1s");
      try (Connection nats = Nats.connect(server.url());
          Instance pages = new Instance(stack, own);
          Instance bridge = new Instance(stack, own)) {
        NatsSetup.apply(nats, Project.root().resolve("config/nats"));
        embeddings.holdFrom(1, goOn);
        pages.start("gateway");
        bridge.start("pipeline");
        PipelineClient client = new PipelineClient(nats);
        pages.awaitReady();
        browser.driver.get(
            "http://127.0.0.1:" + pages.environment().get("GATEWAY_PORT") + "/#/pipelines");
        browser.find(".upload");
        drop("new File(['# Owls\\n\\nThe owl hunts at night.'], 'owl.md')");
        await().until(() -> embeddings.requests() > 0);
        String id = browser.find(".run").getDomAttribute("data-run");

        bridge.kill();
        goOn.countDown();
        bridge.start("pipeline");

        await().until(() -> browser.text(".run.succeeded").contains("owl.md is new in documents"));
        assertThat(client.heard(id)).isEqualTo(client.statuses(id));
        client.close();
      }
    }
  }

  @Test
  void ingestsFilesThatWereChosen() throws Throwable {
    Path storks = Files.writeString(folder.resolve("storks.md"), "Storks walk.");
    Path herons = Files.writeString(folder.resolve("herons.html"), "<p>Herons wait.</p>");
    browser.open("icon.svg");
    browser.driver.executeScript("localStorage.clear()");
    browser.open("#/pipelines/document-ingestion");

    await().until(() -> browser.text(".drop").contains("up to 32 MiB"));

    browser.find(".drop input").sendKeys(storks + "\n" + herons);

    await()
        .until(
            () ->
                browser.text(".run.succeeded").contains("storks.md is new in documents")
                    && browser.text(".run.succeeded").contains("herons.html is new in documents"));
    browser.isAccessible();
    browser.seen("light", 1200, TALL, () -> browser.screenshot("pipelines"));
    browser.press("Clear what has ended");
    await().until(() -> !browser.has(".run"));
    Path huge = Files.createFile(folder.resolve("huge.pdf"));
    try (FileChannel content = FileChannel.open(huge, StandardOpenOption.WRITE)) {
      content.write(ByteBuffer.allocate(1), 33L << 20);
    }
    browser.find(".drop input").sendKeys(huge.toString());
    assertThat(browser.text(".upload .note")).contains("Larger than 32 MiB", "huge.pdf");
    assertThat(browser.has(".run")).isFalse();
  }

  @Test
  void keepsConversationsUntilTheyAreDeleted() {
    String question = "Question " + UUID.randomUUID();
    slowly("An answer.");
    browser.open("#/chat");
    ask(question);
    await().until(() -> browser.text(".conversations").contains(question.substring(0, 20)));

    browser.find("button[aria-label^='Rename " + question.substring(0, 20) + "']").click();
    String title = "<b>Mine</b> " + question;
    browser.find("input[aria-label=Title]").sendKeys(Keys.chord(Keys.CONTROL, "a"), title);
    browser.find("input[aria-label=Title]").sendKeys(Keys.ENTER);
    await().until(() -> browser.text(".conversations").contains(title.substring(0, 30)));
    browser.driver.executeScript("localStorage.clear()");
    browser.open("#/chat");
    await().until(() -> browser.text(".conversations").contains(title.substring(0, 30)));
    browser.press("New conversation");
    browser.find("button[aria-label^='Delete " + title.substring(0, 20) + "']");
    browser.driver.executeScript(
        "document.querySelector(\"button[aria-label^='Delete "
            + title.substring(0, 20)
            + "']\").click()");
    browser.driver.switchTo().alert().accept();

    await().until(() -> !browser.text(".conversations").contains(question.substring(0, 20)));
  }

  @Test
  void rendersAHostileAnswerHarmlessly() {
    String table =
        "| a | b |\n|---|---|\n"
            + IntStream.range(0, 5000)
                .mapToObj(i -> "| cell " + i + " | " + "x".repeat(25) + " |\n")
                .collect(Collectors.joining());
    String hostile =
        "<script>document.title='owned'</script>"
            + "<img src=x onerror=\"document.title='owned'\">"
            + "\n\n[a](javascript:document.title='owned') [b](data:text/html,x)"
            + " ![c](http://127.0.0.1:9/pixel.png) [good](https://example.org/)"
            + "\n\n<a href=\"#\" onclick=\"document.title='owned'\">d</a><style>body{display:none}</style>"
            + "<button class=\"primary\">e</button>"
            + "\n\n[v](vbscript:x) [s](data:image/svg+xml,x) [t](JaVaScRiPt&colon;x) [//x](//127.0.0.1:9/)"
            + "\n\n<svg onload=\"document.title='owned'\"><a xlink:href=\"javascript:x\">f</a></svg>"
            + "<math><mtext><style><img src=x onerror=\"document.title='owned'\"></style></mtext></math>"
            + "<p style=\"position:fixed;inset:0\">g</p>\n\n";
    assertThat(table.length()).isGreaterThan(200_000);
    stack.vllm.script(request -> Reply.of(hostile, table, "\nThe end [1]."));
    String collection = "hostile" + UUID.randomUUID().toString().substring(0, 8);
    stack.documents.collection(collection);
    stack.documents.page(
        collection,
        "<svg onload=alert(1)>.md",
        "<img src=x onerror=alert(1)>",
        "Do harm: <b>now</b>");
    browser.open("#/chat");
    browser.find("option[value='" + collection + "']").click();

    ask("Do harm");

    await().until(() -> browser.text(".answer").contains("The end"));
    WebElement markdown = browser.find(".markdown");
    assertThat(browser.driver.getTitle()).isEqualTo("Chat · llm-routes");
    assertThat(
            markdown.findElements(
                By.cssSelector(
                    "script, img, style, iframe, svg, math, [style], [onclick], [onerror], button.primary")))
        .isEmpty();
    assertThat(markdown.findElements(By.cssSelector("a[href]")))
        .extracting(link -> link.getDomAttribute("href") + " " + link.getDomAttribute("rel"))
        .containsOnly("https://example.org/ noopener noreferrer nofollow");
    browser.find("button.cite").click();
    await().until(() -> browser.text(".passage").contains("<b>now</b>"));
    assertThat(browser.text(".source"))
        .contains("<img src=x onerror=alert(1)>", "<svg onload=alert(1)>.md");
    browser.find(".composer textarea").sendKeys("Still here?");
    assertThat(browser.find(".composer textarea").getDomProperty("value")).isEqualTo("Still here?");
  }

  @Test
  void isUsedByKeyboardAlone() {
    slowly("An answer.");
    browser.open("#/chat");
    browser.find(".composer textarea");

    browser.driver.switchTo().activeElement().sendKeys("By keyboard", Keys.ENTER);

    await().until(() -> browser.text(".markdown").contains("An answer."));
    await().until(() -> browser.text(".composer").contains("Ask"));
    for (int i = 0; i < 40 && !"Copy".equals(focused()); i++) {
      browser.driver.switchTo().activeElement().sendKeys(Keys.chord(Keys.SHIFT, Keys.TAB));
    }
    assertThat(focused()).isEqualTo("Copy");
  }

  @Test
  void isAccessible() throws Throwable {
    slowly("An answer with `code`, a [link](https://example.org/) and a source [1].");
    browser.open("#/chat");
    ask("What?");
    await().until(() -> browser.text(".markdown").contains("source"));
    await().until(() -> browser.text(".composer").contains("Ask"));

    browser.isAccessible();
    browser.seen(
        "light",
        360,
        780,
        () -> {
          browser.press("Conversations");
          browser.find(".conversations.open");
          assertThat(browser.violations()).isEmpty();
          browser.driver.switchTo().activeElement().sendKeys(Keys.ESCAPE);
          await().until(() -> !browser.has(".conversations.open"));
          assertThat(focused()).isEqualTo("Conversations");
        });
  }

  /** What a screen reader is told of answers. */
  private String said() {
    return (String)
        browser.driver.executeScript(
            "return document.querySelector('.conversation [role=status]').textContent");
  }

  /**
   * Drops files where they are to be dropped.
   *
   * @param files as expressions of JavaScript
   */
  private void drop(String... files) {
    browser.driver.executeScript(
        """
        const files = new DataTransfer();
        [%s].forEach((file) => files.items.add(file));
        document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
        """
            .formatted(String.join(", ", files)));
  }

  /**
   * @param bytesPerSecond -1 for as fast as it goes
   */
  private void uploadSpeed(int bytesPerSecond) {
    browser.driver.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of(
            "offline",
            false,
            "latency",
            0,
            "downloadThroughput",
            -1,
            "uploadThroughput",
            bytesPerSecond));
  }

  private Object focused() {
    return browser.driver.executeScript("return document.activeElement.innerText.trim()");
  }

  private void ask(String question) {
    browser.find(".composer textarea").sendKeys(question, Keys.ENTER);
  }

  private void slowly(String... tokens) {
    stack.vllm.script(request -> Reply.of(tokens).every(10_000));
  }

  private static String[] numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + " ").toArray(String[]::new);
  }
}
