package org.llmroutes.login;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.llmroutes.config.Settings;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Identity;

/** What {@code ./dev login} has left: its token is replaced by itself when it ends. */
public final class OidcLogin implements UserCredentials {
  /** What a token must still be good for. */
  private static final Duration AHEAD = Duration.ofSeconds(30);

  private static final String ENDED = "Your login has ended; ./dev login logs in anew";

  private final Settings settings;
  private SavedLogin saved;

  private OidcLogin(Settings settings, SavedLogin saved) {
    this.settings = settings;
    this.saved = saved;
  }

  /**
   * The login with the issuer of the settings, with a token that is good.
   *
   * @throws IllegalArgumentException where it has ended
   */
  static Optional<OidcLogin> find(Settings settings) {
    String issuer = settings.get("auth.oidc.issuer");
    Optional<OidcLogin> found =
        SavedLogin.read(Logins.file(settings))
            .filter(saved -> saved.issuer().equals(issuer))
            .map(saved -> new OidcLogin(settings, saved));
    found.ifPresent(OidcLogin::token);
    return found;
  }

  /**
   * Keeps what the issuer has given.
   *
   * @throws org.llmroutes.identity.RefusedCredentials where its token is not taken here
   */
  static OidcLogin keep(Settings settings, AccessTokenResponse response) throws IOException {
    OidcLogin login = new OidcLogin(settings, saved(settings, response, ""));
    login.saved.write(Logins.file(settings));
    return login;
  }

  private static SavedLogin saved(
      Settings settings, AccessTokenResponse response, String refreshBefore) {
    String token = response.getTokens().getAccessToken().getValue();
    Identity identity = Authentication.of(settings).identify(token);
    RefreshToken refresh = response.getTokens().getRefreshToken();
    return new SavedLogin(
        settings.get("auth.oidc.issuer"),
        identity.userId(),
        token,
        refresh == null ? refreshBefore : refresh.getValue(),
        Instant.now().plusSeconds(response.getTokens().getAccessToken().getLifetime()));
  }

  /** Forgets the login; whether there was one. */
  public static boolean forget(Settings settings) throws IOException {
    return Files.deleteIfExists(Logins.file(settings));
  }

  @Override
  public String userId() {
    return saved.userId();
  }

  @Override
  public void show(Options.Builder connection) {
    connection.tokenSupplier(() -> token().toCharArray());
  }

  @Override
  public String remedy() {
    return "./dev login logs in anew, unless logins are not answered at all";
  }

  private synchronized String token() {
    if (Instant.now().plus(AHEAD).isAfter(saved.expires())) {
      if (saved.refreshToken().isEmpty()) {
        throw new IllegalArgumentException(ENDED);
      }
      renew();
    }
    return saved.accessToken();
  }

  private void renew() {
    try {
      AccessTokenResponse response =
          Issuer.of(settings).tokens(new RefreshTokenGrant(new RefreshToken(saved.refreshToken())));
      saved = saved(settings, response, saved.refreshToken());
      saved.write(Logins.file(settings));
    } catch (RefusedGrant e) {
      throw new IllegalArgumentException(ENDED, e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The login provider " + saved.issuer() + " does not answer: " + e.getMessage(), e);
    }
  }
}
