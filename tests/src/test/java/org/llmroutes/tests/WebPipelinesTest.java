package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Ports;
import org.llmroutes.local.Project;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.platform.Platform;
import org.openqa.selenium.By;

/** The pipelines page in a real Chromium, on an engine that does what the test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPipelinesTest {
  private PipelineStand stand;
  private Settings settings;
  private Platform gateway;
  private Browser browser;

  @BeforeAll
  void start() throws Exception {
    stand = new PipelineStand(PipelineTest.CATALOGUE);
    stand.instance();
    Map<String, String> environment = new HashMap<>(stand.environment);
    environment.put("ROUTES_ENABLED", "gateway");
    environment.put("WHISPER_PROTOCOL", "none");
    environment.put("GATEWAY_PORT", Integer.toString(Ports.free(0)));
    environment.put("LLM_ROUTES_PORT", Integer.toString(Ports.free(0)));
    settings = Settings.load(Project.root(), environment);
    startGateway();
    browser = new Browser("http://127.0.0.1:" + environment.get("GATEWAY_PORT"));
  }

  private void startGateway() throws Exception {
    gateway = new Platform(settings);
    gateway.start();
  }

  @AfterEach
  void forgetRuns() {
    // not on a page that still follows them
    browser.driver.get("about:blank");
    browser.driver.executeCdpCommand(
        "Storage.clearDataForOrigin",
        Map.of("origin", browser.address, "storageTypes", "local_storage"));
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    gateway.close();
    stand.close();
  }

  @Test
  void startsARunFromItsFormAndFollowsItToItsEndAlthoughTheGatewayGoesAway() throws Exception {
    browser.open("#/pipelines/ingestion");
    browser.find("input[name='parameter:source']").sendKeys("docs");
    browser.find("input[name='parameter:shards']").sendKeys("2");
    browser.find("option[value='argo'], select[name=engine] option:last-child").click();
    gateway.close();
    browser.press("Run");

    String id = browser.find(".run").getDomAttribute("data-run");
    await().until(() -> browser.text(".status").contains("Gateway away"));
    assertThat(browser.text(".run .state")).isEqualTo("sending");
    startGateway();
    await().until(() -> browser.text(".run .state").equals("submitted"));
    assertThat(stand.engine.run(id).parameters())
        .containsEntry("source", "docs")
        .containsEntry("collection", "documents")
        .containsEntry("shards", 2L);
    stand.engine.tell(id, Phase.RUNNING, "", "1/2");
    await().until(() -> browser.has("progress[value='1']"));
    gateway.close();
    stand.engine.tell(id, Phase.SUCCEEDED, "", "2/2");
    startGateway();
    await().until(() -> browser.text(".run .state").equals("succeeded"));
    assertThat(browser.driver.findElement(By.cssSelector(".run a")).getDomAttribute("href"))
        .startsWith("https://argo.test/");
    await().until(() -> browser.text(".status").equals("local"));
    assertThat(browser.errors()).filteredOn(error -> !error.contains("net::ERR_")).isEmpty();
  }

  /** A browser has six connections to a host, and each run could hold one. */
  @Test
  void followsMoreRunsThanABrowserHasConnections() {
    browser.open("#/pipelines/ingestion");
    browser.find("input[name='parameter:source']").sendKeys("docs");
    browser.find("select[name=engine] option:last-child").click();
    for (int i = 0; i < 8; i++) {
      browser.press("Run");
    }
    await().until(() -> browser.driver.findElements(By.cssSelector(".run.submitted")).size() == 8);

    browser.driver.navigate().refresh();

    browser.find("input[name='parameter:source']");
    String first = browser.find(".run:last-child").getDomAttribute("data-run");
    stand.engine.tell(first, Phase.RUNNING, "", "1/2");
    await().until(() -> browser.has(".run:last-child progress[value='1']"));
  }

  @Test
  void sendsWhatWasNotAnsweredBeforeAReloadOnce() {
    browser.open("#/pipelines/ingestion");
    browser.find("input[name='parameter:source']").sendKeys("docs");
    browser.find("select[name=engine] option:last-child").click();
    browser.block("*/runs");
    browser.press("Run");
    String id = browser.find(".run").getDomAttribute("data-run");
    assertThat(browser.text(".run .state")).isEqualTo("sending");

    browser.driver.navigate().refresh();
    browser.find(".run.sending[data-run='" + id + "']");
    browser.block();

    browser.find(".run.submitted[data-run='" + id + "']");
    assertThat(stand.engine.run(id).parameters()).containsEntry("source", "docs");
    assertThat(stand.engine.order()).containsOnlyOnce(id);
    assertThat(browser.driver.getTitle()).isEqualTo("1 running · Pipelines · llm-routes");
  }

  @Test
  void loadsAgainWhatOnceFailed() {
    browser.block("*/api/pipelines");
    browser.open("#/pipelines");
    await().until(() -> browser.text(".note").contains("The gateway cannot be reached"));

    browser.block();

    browser.find(".catalogue a");
    assertThat(browser.has(".note")).isFalse();
    browser.block("*/assets/page-*");
    browser.open("#/pipelines");
    await().until(() -> browser.text(".empty").contains("could not be loaded"));
    browser.block();
    browser.find(".catalogue a");
    assertThat(browser.errors()).filteredOn(error -> !error.contains("net::ERR_")).isEmpty();
  }

  /** The voice page, because this gateway is one without speech services. */
  @Test
  void saysThatNobodyListensWhereNoSpeechIsUnderstood() {
    browser.open("#/voice");

    await().until(() -> browser.text(".talk .note").contains("No speech is understood here"));
    assertThat(browser.find("button.hold").isEnabled()).isFalse();
  }

  @Test
  void cancelsARunAndShowsItAgainAfterAReload() {
    browser.open("#/pipelines/ingestion");
    browser.find("input[name='parameter:source']").sendKeys("docs");
    browser.find("select[name=engine] option:last-child").click();
    browser.press("Run");
    String id = browser.find(".run").getDomAttribute("data-run");
    await().until(() -> browser.text("[data-run='" + id + "'] .state").equals("submitted"));

    browser.driver.navigate().refresh();
    browser.find("[data-run='" + id + "'] button").click();

    await().until(() -> browser.text("[data-run='" + id + "'] .state").equals("cancelled"));
  }
}
