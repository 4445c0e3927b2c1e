package org.llmroutes.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.llmroutes.identity.Session;

/**
 * The cookie with the session of a browser, which scripts cannot read and other sites do not send
 * along. Any instance with the same secret takes it; nothing is kept here.
 */
final class SessionCookie {
  private static final String PURPOSE = "session";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Browsers keep 4096 bytes, name and attributes among them (RFC 6265, 6.1). */
  private static final int MOST = 3800;

  /** What inflates to more was not written here. */
  private static final int MOST_INFLATED = 64 * 1024;

  private final Sealing sealing;
  private final boolean secure;

  /**
   * @param url where browsers find the gateway
   */
  SessionCookie(Sealing sealing, URI url) {
    this.sealing = sealing;
    this.secure = "https".equals(url.getScheme());
  }

  /** With this prefix a browser takes it from this very host alone, and over TLS alone. */
  private String name() {
    return secure ? "__Host-llm-routes" : "llm-routes";
  }

  /** Empty where there is none, or one that was not written here or is over. */
  Optional<Session> of(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(name()))
        .flatMap(cookie -> sealing.open(PURPOSE, cookie.getValue()))
        .map(SessionCookie::read)
        .filter(session -> Instant.now().isBefore(session.ends()));
  }

  /**
   * @throws HttpProblem 403 where it is too much for a cookie
   */
  Cookie holding(Session session) {
    String sealed = sealing.seal(PURPOSE, written(session));
    if (sealed.length() > MOST) {
      throw new HttpProblem(
          403, "forbidden", "You are in more groups than a session can hold; use a token", false);
    }
    return cookie(name(), sealed, "/")
        .setMaxAge(Duration.between(Instant.now(), session.ends()).toSeconds());
  }

  /** Takes the session away from the browser. */
  Cookie none() {
    return cookie(name(), "", "/").setMaxAge(0);
  }

  /** A cookie that scripts cannot read. */
  Cookie cookie(String name, String value, String path) {
    return Cookie.cookie(name, value)
        .setPath(path)
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(CookieSameSite.LAX);
  }

  private static byte[] written(Session session) {
    ObjectNode fields = JSON.createObjectNode();
    fields.put("u", session.userId());
    session.groups().stream().sorted().forEach(fields.putArray("g")::add);
    fields.put("v", session.verifiedUntil().getEpochSecond());
    fields.put("e", session.ends().getEpochSecond());
    fields.put("r", session.refreshToken());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
      deflated.write(JSON.writeValueAsBytes(fields));
    } catch (IOException e) {
      throw new IllegalStateException("Memory can always be written", e);
    }
    return bytes.toByteArray();
  }

  private static Session read(byte[] written) {
    try (InputStream inflated = new InflaterInputStream(new ByteArrayInputStream(written))) {
      JsonNode fields = JSON.readTree(inflated.readNBytes(MOST_INFLATED));
      Set<String> groups = new HashSet<>();
      fields.path("g").forEach(group -> groups.add(group.asText()));
      return new Session(
          fields.path("u").asText(),
          groups,
          Instant.ofEpochSecond(fields.path("v").asLong()),
          Instant.ofEpochSecond(fields.path("e").asLong()),
          fields.path("r").textValue());
    } catch (IOException e) {
      throw new IllegalStateException("What is sealed was written here", e);
    }
  }
}
