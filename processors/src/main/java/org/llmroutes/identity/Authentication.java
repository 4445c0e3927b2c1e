package org.llmroutes.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.llmroutes.config.Settings;

/** Finds out whose a bearer token is, by the methods of {@code auth.methods}. */
public final class Authentication {
  private final List<Credentials> methods;

  private Authentication(List<Credentials> methods) {
    this.methods = methods;
  }

  /**
   * @throws IllegalArgumentException for an unknown method, or one whose settings are wrong
   */
  public static Authentication of(Settings settings) {
    List<Credentials> methods = new ArrayList<>();
    for (String name : names(settings)) {
      switch (name) {
        case "keys" -> methods.add(new ApiKeys(settings.path(settings.get("auth.keys-file"))));
        case "open" -> {} // takes no token
        default ->
            throw new IllegalArgumentException("auth.methods may have keys and open, not " + name);
      }
    }
    return new Authentication(methods);
  }

  /** Whether whoever sends no credentials is let in, as the user {@code local}. */
  public static boolean isOpen(Settings settings) {
    return names(settings).contains("open");
  }

  private static List<String> names(Settings settings) {
    return Arrays.stream(settings.get("auth.methods").split(",")).map(String::strip).toList();
  }

  /** Whether tokens are asked for at all. */
  public boolean takesTokens() {
    return !methods.isEmpty();
  }

  /**
   * Whose token this is.
   *
   * @throws RefusedCredentials where it is nobody's
   */
  public Identity identify(String token) {
    for (Credentials method : methods) {
      Optional<Identity> identity = method.identify(token);
      if (identity.isPresent()) {
        return identity.get();
      }
    }
    throw new RefusedCredentials("This key or token is not known");
  }
}
