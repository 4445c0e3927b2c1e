package org.llmroutes.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.Cookie;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmroutes.identity.Session;

/** What a browser keeps of a session. */
class SessionCookieTest {
  private static final URI URL = URI.create("https://chat.example.org");
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  private final Sealing sealing = new Sealing("a secret");

  @Test
  void isOpenedByItsSecretForItsPurposeAlone() {
    String sealed = sealing.seal("session", CONTENT);

    assertThat(new Sealing("a secret").open("session", sealed)).contains(CONTENT);
    assertThat(new Sealing("another").open("session", sealed)).isEmpty();
    assertThat(sealing.open("login", sealed)).isEmpty();
    assertThat(sealing.open("session", "short")).isEmpty();
    assertThat(sealing.seal("session", CONTENT)).isNotEqualTo(sealed);
  }

  @Test
  void isForThisHostOverTlsAlone() {
    Cookie cookie = new SessionCookie(sealing, URL).holding(session(Set.of("hr"), null));

    assertThat(cookie.encode())
        .startsWith("__Host-llm-routes=")
        .contains("Secure", "HTTPOnly", "SameSite=Lax", "Path=/");
  }

  @Test
  void fitsIntoABrowser() {
    SessionCookie cookies = new SessionCookie(sealing, URL);
    Cookie many = cookies.holding(session(groups(80), "r".repeat(1000)));
    assertThat(many.encode().length()).isLessThanOrEqualTo(4096);

    assertThatThrownBy(() -> cookies.holding(session(groups(400), null)))
        .isInstanceOfSatisfying(HttpProblem.class, e -> assertThat(e.status()).isEqualTo(403));
  }

  private static Set<String> groups(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> n + "-" + UUID.nameUUIDFromBytes(new byte[] {(byte) n}))
        .collect(Collectors.toSet());
  }

  private static Session session(Set<String> groups, String refreshToken) {
    Instant now = Instant.now();
    return new Session("ada", groups, now.plusSeconds(60), now.plusSeconds(600), refreshToken);
  }
}
