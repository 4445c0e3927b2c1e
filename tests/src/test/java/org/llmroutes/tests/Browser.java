package org.llmroutes.tests;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.function.Executable;
import org.llmroutes.local.Project;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium without a window, on the pages of a gateway. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final int HEIGHT = 780;
  private static final int NARROW = 500;

  final ChromeDriver driver;
  final String address;

  /**
   * @param further flags of Chromium, for instance for a microphone that plays a file
   */
  Browser(String address, String... further) {
    Assumptions.assumeTrue(
        Files.exists(CHROMIUM) && Files.exists(DRIVER),
        "skipped: Debian's packages chromium and chromium-driver are not installed");
    assertThat(Project.root().resolve("web/dist/index.html"))
        .as("the pages, which ./dev install builds")
        .exists();
    this.address = address;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        Stream.concat(
                Stream.of(
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-dev-shm-usage",
                    "--enable-unsafe-swiftshader",
                    "--autoplay-policy=no-user-gesture-required",
                    "--window-size=1200,943",
                    "--lang=en"),
                Stream.of(further))
            .toList());
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
  }

  /** Opens a page anew, for instance {@code #/chat}. */
  void open(String place) {
    driver.get("about:blank");
    driver.get(address + "/" + place);
  }

  /** Runs a script in each page that is opened from now on, before its own. */
  void beforePages(String script) {
    driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
  }

  /** From here on these addresses cannot be reached, and no others. */
  void block(String... addresses) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(addresses)));
  }

  /** The one element that is there at last. */
  WebElement find(String css) {
    return Awaitility.await("an element " + css)
        .ignoreExceptions()
        .until(
            () -> driver.findElements(By.cssSelector(css)).stream().findFirst().orElse(null),
            found -> found != null);
  }

  boolean has(String css) {
    return !driver.findElements(By.cssSelector(css)).isEmpty();
  }

  /** The text of an element, asked of the page itself, so that it cannot go stale in between. */
  String text(String css) {
    Object text =
        driver.executeScript(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')",
            css);
    return (String) text;
  }

  WebElement button(String name) {
    return find("button[aria-label='" + name + "']");
  }

  void press(String words) {
    Awaitility.await("a button " + words)
        .ignoreExceptions()
        .until(
            () -> {
              driver.findElement(By.xpath("//button[normalize-space()='" + words + "']")).click();
              return true;
            });
  }

  /** Does something while the page is shown as wide, in the colours that are asked for. */
  void seen(String scheme, int width, int height, Executable act) throws Throwable {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < NARROW));
    try {
      act.execute();
    } finally {
      driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
      driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }
  }

  /** The page as it is now, in both colours, on a desk and on a phone. */
  void isAccessible() throws Throwable {
    for (String scheme : List.of("light", "dark")) {
      for (int width : List.of(1200, 360)) {
        seen(
            scheme,
            width,
            HEIGHT,
            () -> {
              assertThat(violations()).as(scheme + " " + width).isEmpty();
              assertThat(
                      (List<?>)
                          driver.executeScript(
                              "const e = document.documentElement; return [e.scrollWidth - innerWidth, e.scrollHeight - innerHeight]"))
                  .as("what the page is too large by, in %s of %s", scheme, width)
                  .allMatch(over -> (Long) over <= 0);
            });
      }
    }
  }

  /** What the page has said to the console as errors. */
  List<String> errors() {
    return driver.manage().logs().get("browser").getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** What axe-core finds against WCAG 2.2 AA, with the elements. */
  List<String> violations() {
    List<String> found = new ArrayList<>();
    for (Rule rule : new AxeBuilder().analyze(driver).getViolations()) {
      rule.getNodes().forEach(node -> found.add(rule.getId() + " " + node.getHtml()));
    }
    return found;
  }

  /** Shows how the page looks now, in target/screenshots. */
  void screenshot(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Notes what was measured, in target/screenshots. */
  void figure(String name, Object value) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Files.writeString(folder.resolve("figures.txt"), name + ": " + value + "\n", CREATE, APPEND);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
