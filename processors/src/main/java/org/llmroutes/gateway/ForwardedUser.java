package org.llmroutes.gateway;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llmroutes.identity.RefusedCredentials;
import org.llmroutes.identity.UserNames;

/**
 * Whom a web application asks for, as Open WebUI says it in its headers: by an e-mail address, else
 * by an id that is a UUID. Neither can be the name of a user who is known by anything else.
 *
 * @see <a href="https://docs.openwebui.com/reference/env-configuration/">Open WebUI,
 *     ENABLE_FORWARD_USER_INFO_HEADERS</a>
 */
final class ForwardedUser {
  private static final String EMAIL = "X-OpenWebUI-User-Email";
  private static final String ID = "X-OpenWebUI-User-Id";
  private static final Pattern ADDRESS =
      Pattern.compile("[\\x21-\\x7e&&[^@]]+@[\\x21-\\x7e&&[^@]]+");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private ForwardedUser() {}

  /**
   * The user as a subject token; empty where the headers name none.
   *
   * @throws RefusedCredentials where they name what cannot be one
   */
  static Optional<String> of(MultiMap headers) {
    return one(headers, EMAIL, ADDRESS).or(() -> one(headers, ID, UUID));
  }

  private static Optional<String> one(MultiMap headers, String name, Pattern form) {
    List<String> values = headers.getAll(name);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1 || !form.matcher(values.get(0)).matches()) {
      throw refusal(name);
    }
    return Optional.of(UserNames.toToken(values.get(0)).orElseThrow(() -> refusal(name)));
  }

  private static RefusedCredentials refusal(String name) {
    return new RefusedCredentials("No user can be what " + name + " says");
  }
}
