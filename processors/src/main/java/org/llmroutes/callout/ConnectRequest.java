package org.llmroutes.callout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.llmroutes.identity.RefusedCredentials;

/**
 * What a server asks: whether somebody may connect.
 *
 * @param serverId of the server that asks
 * @param userKey the key that it has made for the connection
 * @param host where the client is
 * @param user as whom it wants to connect; empty where it does not say
 * @param token its API key or token; empty where it has none
 * @see <a
 *     href="https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_callout">Auth
 *     callout</a>
 */
record ConnectRequest(String serverId, String userKey, String host, String user, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param request the JWT of an authorization request, which only a server can send in this
   *     account
   */
  static ConnectRequest read(byte[] request) throws IOException {
    String body = JwtUtils.getClaimBody(new String(request, StandardCharsets.US_ASCII));
    JsonNode claims = JSON.readTree(body).path("nats");
    JsonNode options = claims.path("connect_opts");
    String token = options.path("auth_token").asText();
    return new ConnectRequest(
        claims.path("server_id").path("id").asText(),
        claims.path("user_nkey").asText(),
        claims.path("client_info").path("host").asText(),
        options.path("user").asText(),
        token.isEmpty() ? options.path("pass").asText() : token);
  }

  /**
   * Whose token it is decides; a name may be given and then has to be that one.
   *
   * @throws RefusedCredentials where it is another
   */
  void require(String userId) {
    if (!user.isEmpty() && !user.equals(userId)) {
      throw new RefusedCredentials("This key or token is of another user than the one named");
    }
  }
}
