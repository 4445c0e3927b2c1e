package org.llmroutes.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.llmroutes.local.Ports;

/** An OpenID Connect provider whose keys change and that goes away when a test says so. */
final class FakeProvider implements AutoCloseable {
  static final String AUDIENCE = "llm-routes";

  private static final ObjectMapper JSON = new ObjectMapper();

  final int port = Ports.free(0);
  final String issuer = "http://127.0.0.1:" + port + "/application/o/llm/";
  private volatile RSAKey key = key("first");
  private volatile int status = 200;
  private volatile Duration delay = Duration.ZERO;
  private HttpServer server;

  static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  RSAKey key() {
    return key;
  }

  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/application/o/llm/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                JSON.writeValueAsString(
                    Map.of(
                        "issuer",
                        issuer,
                        "authorization_endpoint",
                        issuer + "authorize",
                        "token_endpoint",
                        issuer + "token",
                        "jwks_uri",
                        issuer + "jwks",
                        "subject_types_supported",
                        List.of("public"),
                        "response_types_supported",
                        List.of("code"),
                        "id_token_signing_alg_values_supported",
                        List.of("RS256")))));
    server.createContext(
        "/application/o/llm/jwks",
        exchange -> answer(exchange, new JWKSet(key.toPublicJWK()).toString()));
    server.start();
  }

  private void answer(HttpExchange exchange, String json) throws IOException {
    LockSupport.parkNanos(delay.toNanos());
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** From now on everything is answered with this status. */
  void answerWith(int next) {
    status = next;
  }

  /** From now on everything is answered this much later. */
  void answerAfter(Duration next) {
    delay = next;
  }

  void rotate(String id) {
    key = key(id);
  }

  /** Its key says from now on when it ends. */
  void endKeyAt(Instant end) {
    key = new RSAKey.Builder(key).expirationTime(Date.from(end)).build();
  }

  /** Claims of a good token, to be made worse. */
  JWTClaimsSet.Builder claims(String user) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience(AUDIENCE)
        .subject("3b1c9f")
        .claim("preferred_username", user)
        .claim("groups", List.of("staff", "hr"))
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  String token(JWTClaimsSet.Builder claims) {
    return token(header(), claims, key);
  }

  JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).type(JOSEObjectType.JWT);
  }

  static String token(JWSHeader.Builder header, JWTClaimsSet.Builder claims, RSAKey key) {
    try {
      SignedJWT jwt = new SignedJWT(header.build(), claims.build());
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }
}
