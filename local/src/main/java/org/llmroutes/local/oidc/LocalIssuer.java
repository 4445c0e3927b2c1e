package org.llmroutes.local.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.llmroutes.local.ai.JsonServer;

/**
 * An OpenID Connect provider for development on one machine: discovery, authorization code with
 * PKCE, device code, refresh tokens. Whoever opens its page may be any of the test users.
 */
public final class LocalIssuer extends JsonServer {
  /** The client of the gateway's web login, which has the secret. */
  public static final String WEB_CLIENT = "llm-routes";

  /** The client of the command line, which has none. */
  public static final String DEVICE_CLIENT = "llm-routes-cli";

  public static final String AUDIENCE = "llm-routes";

  private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

  private final String secret;
  private final Tokens tokens;
  private final AuthorizationCodes codes = new AuthorizationCodes();
  private final DeviceCodes devices = new DeviceCodes();

  /**
   * @param port where it is free, else any; 0 for any
   * @param data folder for its key
   * @param secret of {@link #WEB_CLIENT}
   * @param lifetime of access tokens
   */
  public LocalIssuer(int port, Path data, String secret, Duration lifetime) {
    super(port);
    this.secret = secret;
    this.tokens = new Tokens(url(), AUDIENCE, lifetime, data.resolve("issuer.jwk"));
    on("/.well-known/openid-configuration", request -> description());
    on("/keys", request -> tokens.publicKeys());
    handle("/authorize", this::authorize);
    handle("/device", this::device);
    handle("/device_authorization", this::beginDevice);
    handle("/token", this::token);
  }

  private Map<String, Object> description() {
    return Map.of(
        "issuer", url(),
        "authorization_endpoint", url() + "/authorize",
        "device_authorization_endpoint", url() + "/device_authorization",
        "token_endpoint", url() + "/token",
        "jwks_uri", url() + "/keys",
        "response_types_supported", List.of("code"),
        "subject_types_supported", List.of("public"),
        "id_token_signing_alg_values_supported", List.of("RS256"),
        "code_challenge_methods_supported", List.of("S256"),
        "grant_types_supported", List.of("authorization_code", "refresh_token", DEVICE_GRANT));
  }

  /** The parameters of the query and of a form; a web page under another name may ask nothing. */
  @Override
  protected JsonNode read(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null || !THIS_MACHINE.matcher(host).matches()) {
      throw new IllegalArgumentException("Ask this issuer at 127.0.0.1 or localhost");
    }
    ObjectNode parameters = JSON.createObjectNode();
    String query = exchange.getRequestURI().getRawQuery();
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    for (String pair : ((query == null ? "" : query) + "&" + form).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private void authorize(JsonNode request, HttpExchange exchange) throws IOException {
    String redirect = request.path("redirect_uri").asText();
    String host = String.valueOf(URI.create(redirect).getAuthority());
    if (!THIS_MACHINE.matcher(host).matches()
        || !WEB_CLIENT.equals(request.path("client_id").asText())
        || !"code".equals(request.path("response_type").asText())
        || !"S256".equals(request.path("code_challenge_method").asText())) {
      throw new IllegalArgumentException(
          "Only "
              + WEB_CLIENT
              + " asks here, with response_type=code, PKCE by S256 and a redirect_uri on this machine");
    }
    TestUser user = TestUser.named(request.path("user").asText()).orElse(null);
    if (user == null || !"POST".equals(exchange.getRequestMethod())) {
      html(exchange, LoginPage.choice("/authorize", request));
      return;
    }
    Grant grant = new Grant(user, WEB_CLIENT, request.path("nonce").asText(null));
    String code = codes.issue(grant, redirect, request.path("code_challenge").asText());
    String answer =
        "code=%s&state=%s&iss=%s"
            .formatted(code, encoded(request.path("state").asText()), encoded(url()));
    exchange
        .getResponseHeaders()
        .set("Location", redirect + (redirect.contains("?") ? "&" : "?") + answer);
    exchange.sendResponseHeaders(302, -1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void device(JsonNode request, HttpExchange exchange) throws IOException {
    TestUser user = TestUser.named(request.path("user").asText()).orElse(null);
    if (user == null || !"POST".equals(exchange.getRequestMethod())) {
      ObjectNode fields = JSON.createObjectNode();
      fields.put("user_code", request.path("user_code").asText());
      html(exchange, LoginPage.choice("/device", fields));
    } else if (devices.approve(request.path("user_code").asText(), user)) {
      html(exchange, LoginPage.page("<p>Done; the command goes on as " + user.name() + ".</p>"));
    } else {
      throw new IllegalArgumentException("No command waits with this code");
    }
  }

  private void beginDevice(JsonNode request, HttpExchange exchange) throws IOException {
    if (DEVICE_CLIENT.equals(request.path("client_id").asText())) {
      send(exchange, 200, devices.begin(DEVICE_CLIENT, url() + "/device"));
    } else {
      send(exchange, 400, Map.of("error", "invalid_client"));
    }
  }

  private void token(JsonNode request, HttpExchange exchange) throws IOException, JOSEException {
    try {
      send(exchange, 200, tokens.answer(grant(request, client(request, exchange))));
    } catch (OAuthError e) {
      send(exchange, 400, Map.of("error", e.getMessage()));
    }
  }

  private Grant grant(JsonNode request, String client) throws OAuthError, JOSEException {
    return switch (request.path("grant_type").asText()) {
      case "authorization_code" ->
          codes.redeem(
              request.path("code").asText(),
              client,
              request.path("redirect_uri").asText(),
              request.path("code_verifier").asText());
      case DEVICE_GRANT -> devices.redeem(request.path("device_code").asText(), client);
      case "refresh_token" -> tokens.refreshed(request.path("refresh_token").asText());
      default -> throw new OAuthError("unsupported_grant_type");
    };
  }

  /** Who asks, with its secret in the header or the form where it has one. */
  private String client(JsonNode request, HttpExchange exchange) throws OAuthError {
    String id = request.path("client_id").asText();
    String shown = request.path("client_secret").asText();
    String basic = exchange.getRequestHeaders().getFirst("Authorization");
    if (basic != null && basic.startsWith("Basic ")) {
      byte[] pair = Base64.getDecoder().decode(basic.substring(6));
      String[] parts = new String(pair, StandardCharsets.UTF_8).split(":", 2);
      id = decoded(parts[0]);
      shown = parts.length > 1 ? decoded(parts[1]) : "";
    }
    if (!DEVICE_CLIENT.equals(id) && !(WEB_CLIENT.equals(id) && secret.equals(shown))) {
      throw new OAuthError("invalid_client");
    }
    return id;
  }

  private static void html(HttpExchange exchange, String page) throws IOException {
    byte[] body = page.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("X-Frame-Options", "DENY");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }
}
