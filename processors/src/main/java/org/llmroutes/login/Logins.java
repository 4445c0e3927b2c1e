package org.llmroutes.login;

import java.nio.file.Path;
import java.util.Optional;
import org.llmroutes.config.Settings;
import org.llmroutes.turn.TurnOpening;

/** Finds out as whom a command asks. */
public final class Logins {
  /** The environment variable with an API key. */
  public static final String KEY = "LLM_ROUTES_KEY";

  private static final String USER = "LLM_ROUTES_USER";
  private static final String FILE = "LLM_ROUTES_LOGIN_FILE";

  private Logins() {}

  /**
   * The key of the environment, else what {@code ./dev login} has left; empty where there is
   * neither.
   *
   * @param named the user that the command line names, or null
   * @throws IllegalArgumentException where it is not known whose the key is, or the login is
   *     another user's
   */
  public static Optional<UserCredentials> find(Settings settings, String named) {
    String key = settings.environment().getOrDefault(KEY, "").strip();
    if (!key.isEmpty()) {
      return Optional.of(new KeyCredentials(owner(settings, named), key));
    }
    Optional<OidcLogin> saved = OidcLogin.find(settings);
    if (saved.isPresent() && named != null && !named.equals(saved.get().userId())) {
      throw new IllegalArgumentException(
          "You are logged in as %s, not as %s; ./dev login logs in anew"
              .formatted(saved.get().userId(), named));
    }
    return saved.map(UserCredentials.class::cast);
  }

  private static String owner(Settings settings, String named) {
    String user = named == null ? settings.environment().getOrDefault(USER, "").strip() : named;
    if (!TurnOpening.isToken(user)) {
      throw new IllegalArgumentException(
          "--user or " + USER + " must say whose key " + KEY + " is: 1 to 128 of A-Z a-z 0-9 _ -");
    }
    return user;
  }

  /** Where a login is kept. */
  static Path file(Settings settings) {
    return settings.path(settings.environment().getOrDefault(FILE, ".dev/login.json"));
  }
}
