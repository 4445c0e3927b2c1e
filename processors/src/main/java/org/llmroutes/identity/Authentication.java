package org.llmroutes.identity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.llmroutes.config.Settings;

/** Finds out whose a bearer token is, by the methods of {@code auth.methods}. */
public final class Authentication {
  private static final Set<String> KNOWN = Set.of("keys", "oidc", "open");

  private final List<Credentials> methods;
  private final Login login;

  private Authentication(List<Credentials> methods, Login login) {
    this.methods = methods;
    this.login = login;
  }

  /**
   * @throws IllegalArgumentException for an unknown method, or one whose settings are wrong
   */
  public static Authentication of(Settings settings) {
    List<String> names = names(settings);
    List<Credentials> methods = new ArrayList<>();
    boolean hasLogin = !settings.get("auth.login.client-id").isEmpty();
    Login login = null;
    // first, because they are found or not found at once
    if (names.contains("keys")) {
      methods.add(new ApiKeys(settings.path(settings.get("auth.keys-file"))));
    }
    if (names.contains("oidc")) {
      OidcSettings oidc = OidcSettings.of(settings);
      Provider provider = new Provider(oidc);
      methods.add(new OidcTokens(oidc, provider));
      if (hasLogin) {
        login = new Login(LoginSettings.of(settings), oidc, provider);
      }
    } else if (hasLogin) {
      throw new IllegalArgumentException(
          "auth.login.client-id needs oidc in auth.methods, is " + settings.get("auth.methods"));
    }
    return new Authentication(methods, login);
  }

  /** Whether whoever sends no credentials is let in, as the user {@code local}. */
  public static boolean isOpen(Settings settings) {
    return names(settings).contains("open");
  }

  /** Whether the keys of {@code auth.keys-file} are taken. */
  public static boolean takesKeys(Settings settings) {
    return names(settings).contains("keys");
  }

  /** Whether tokens of {@code auth.oidc.issuer} are taken. */
  public static boolean takesTokensOfProvider(Settings settings) {
    return names(settings).contains("oidc");
  }

  private static List<String> names(Settings settings) {
    List<String> names =
        Arrays.stream(settings.get("auth.methods").split(",")).map(String::strip).toList();
    for (String name : names) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "auth.methods may have keys, oidc and open, not " + name);
      }
    }
    return names;
  }

  /** How browsers log in; empty where they do not. */
  public Optional<Login> login() {
    return Optional.ofNullable(login);
  }

  /** Whether tokens are asked for at all. */
  public boolean takesTokens() {
    return !methods.isEmpty();
  }

  /** When what tokens are checked by ends, by its name in metrics. */
  public Map<String, Supplier<Optional<Instant>>> ends() {
    return methods.stream().collect(Collectors.toMap(Credentials::checkedBy, one -> one::ends));
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
