package org.llmroutes.callout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The JWTs by which a server is answered.
 *
 * @see <a href="https://docs.nats.io/running-a-nats-service/configuration/securing_nats/jwt">NATS
 *     JWT</a>
 */
final class ServerTokens {
  private static final int VERSION = 2;

  /** Subscriptions of one connection, so that nobody makes the server remember without end. */
  private static final int MOST_SUBSCRIPTIONS = 1000;

  private final NKey issuer;
  private final String account;
  private final OutsideSubjects subjects;

  /**
   * @param issuer the key that the server knows as {@code issuer}
   * @param account the name of the account that users are in
   */
  ServerTokens(NKey issuer, String account, OutsideSubjects subjects) {
    this.issuer = issuer;
    this.account = account;
    this.subjects = subjects;
  }

  /** What lets a connection in, until it ends. */
  String admit(ConnectRequest request, String userId, Duration lifetime)
      throws IOException, GeneralSecurityException {
    ObjectNode user = claims("user");
    user.putObject("pub").set("allow", list(subjects.publish(userId)));
    user.putObject("sub").set("allow", list(subjects.subscribe(userId)));
    user.put("subs", MOST_SUBSCRIPTIONS).put("data", -1).put("payload", -1);
    String token = sign(request.userKey(), userId, lifetime, account, user);
    return response(request, claims("authorization_response").put("jwt", token));
  }

  /**
   * @param reason for the server's log; its client is told no more than that it is not let in
   */
  String refuse(ConnectRequest request, String reason)
      throws IOException, GeneralSecurityException {
    return response(request, claims("authorization_response").put("error", reason));
  }

  private String response(ConnectRequest request, ObjectNode claims)
      throws IOException, GeneralSecurityException {
    return sign(request.userKey(), "callout", null, request.serverId(), claims);
  }

  private String sign(
      String subject, String name, Duration lifetime, String audience, ObjectNode claims)
      throws IOException, GeneralSecurityException {
    return JwtUtils.issueJWT(
        issuer,
        subject,
        name,
        lifetime,
        Instant.now().getEpochSecond(),
        new String(issuer.getPublicKey()),
        audience,
        claims::toString);
  }

  private static ObjectNode claims(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("version", VERSION);
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
