package org.llmroutes.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.config.Settings;
import org.llmroutes.local.Project;
import org.llmroutes.local.oidc.LocalIssuer;

/** A command logs in by device code, and stays logged in. */
class LoginTest {
  /** Shorter than what a token must still be good for, so that it is renewed at every use. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private LocalIssuer issuer;

  @BeforeEach
  void start() {
    issuer = issuer(SHORT, 0);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private LocalIssuer issuer(Duration lifetime, int port) {
    return new LocalIssuer(port, folder.resolve("issuer"), "secret", lifetime);
  }

  private Settings settings(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("AUTH_METHODS", "oidc");
    environment.put("AUTH_OIDC_ISSUER", issuer.url());
    environment.put("AUTH_OIDC_AUDIENCE", LocalIssuer.AUDIENCE);
    environment.put("LLM_ROUTES_LOGIN_FILE", file().toString());
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return Settings.load(Project.root(), environment);
  }

  private Path file() {
    return folder.resolve("login.json");
  }

  /** As the page's form is sent. */
  private void approve(DeviceLogin login, String user) throws Exception {
    HttpRequest form =
        HttpRequest.newBuilder(URI.create(issuer.url() + "/device"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString("user_code=" + login.code() + "&user=" + user))
            .build();
    HttpResponse<String> page =
        HttpClient.newHttpClient().send(form, HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
  }

  private void login(String user) throws Exception {
    DeviceLogin login = new DeviceLogin(settings());
    assertThat(login.page()).hasToString(issuer.url() + "/device?user_code=" + login.code());
    approve(login, user);
    assertThat(login.await().userId()).isEqualTo(user);
  }

  private static String shown(UserCredentials login) {
    Options.Builder options = new Options.Builder().server("nats://127.0.0.1:4222");
    login.show(options);
    return new String(options.build().getTokenChars());
  }

  @Test
  void keepsALoginForTheOwnerAlone() throws Exception {
    assertThat(Logins.find(settings(), null)).isEmpty();

    login("ada");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(Logins.find(settings(), null))
        .get()
        .extracting(UserCredentials::userId)
        .isEqualTo("ada");
    assertThat(OidcLogin.forget(settings())).isTrue();
    assertThat(OidcLogin.forget(settings())).isFalse();
    assertThat(Logins.find(settings(), null)).isEmpty();
  }

  @Test
  void renewsTokensThatEnd() throws Exception {
    login("ada");
    String first = Files.readString(file());

    UserCredentials login = Logins.find(settings(), null).orElseThrow();
    String second = shown(login);

    assertThat(first).doesNotContain(second);
    assertThat(shown(login)).isNotEqualTo(second);
    assertThat(Files.readString(file())).doesNotContain(second);
  }

  @Test
  void staysLoggedInWhenTheIssuerIsStartedAnew() throws Exception {
    login("ada");
    int port = issuer.port();
    issuer.close();

    assertThatThrownBy(() -> Logins.find(settings(), null))
        .hasMessageContaining("does not answer")
        .hasRootCauseInstanceOf(IOException.class);

    issuer = issuer(SHORT, port);
    assertThat(Logins.find(settings(), null)).isPresent();
  }

  @Test
  void saysWhenALoginHasEnded() throws Exception {
    login("ada");
    Files.writeString(
        file(),
        Files.readString(file())
            .replaceFirst("\"refresh_token\":\"[^\"]+\"", "\"refresh_token\":\"gone\""));

    assertThatThrownBy(() -> Logins.find(settings(), null))
        .hasMessage("Your login has ended; ./dev login logs in anew");
  }

  @Test
  void isNoOtherUsersAndNoOtherIssuers() throws Exception {
    login("ada");

    assertThatThrownBy(() -> Logins.find(settings(), "bob"))
        .hasMessageStartingWith("You are logged in as ada, not as bob");
    assertThat(Logins.find(settings("AUTH_OIDC_ISSUER", "http://127.0.0.1:1"), null)).isEmpty();
    assertThat(Logins.find(settings("AUTH_OIDC_ISSUER", ""), null)).isEmpty();
  }

  @Test
  void keysComeFirstAndSayWhose() throws Exception {
    login("ada");

    Settings keyed = settings("LLM_ROUTES_KEY", "k");
    assertThat(Logins.find(keyed, "bob"))
        .get()
        .extracting(UserCredentials::userId)
        .isEqualTo("bob");
    assertThatThrownBy(() -> Logins.find(keyed, null)).hasMessageContaining("--user");
    assertThat(Logins.find(settings("LLM_ROUTES_KEY", "k", "LLM_ROUTES_USER", "eve"), null))
        .get()
        .extracting(UserCredentials::userId)
        .isEqualTo("eve");
  }

  @Test
  void keepsNoLoginWhoseTokenIsNotTaken() throws Exception {
    DeviceLogin login = new DeviceLogin(settings("AUTH_OIDC_AUDIENCE", "somebody-else"));
    approve(login, "ada");

    assertThatThrownBy(login::await).hasMessageContaining("not taken");
    assertThat(file()).doesNotExist();
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> new DeviceLogin(settings("AUTH_OIDC_ISSUER", "")))
        .hasMessageContaining("AUTH_OIDC_ISSUER");
    assertThatThrownBy(() -> new DeviceLogin(settings("AUTH_OIDC_DEVICE_CLIENT_ID", "unknown")))
        .hasMessageContaining("invalid_client");
    issuer.close();
    assertThatThrownBy(() -> new DeviceLogin(settings())).isInstanceOf(IOException.class);
  }
}
