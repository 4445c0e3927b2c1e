package org.llmroutes.login;

import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.llmroutes.config.Settings;

/** A login in a browser, on this machine or another, for a command that has none. */
public final class DeviceLogin {
  /** Seconds between questions, more by each answer that wants fewer of them. */
  private static final long SLOWER = 5;

  private final Settings settings;
  private final Issuer issuer;
  private final DeviceAuthorizationSuccessResponse begun;

  /**
   * Begins it.
   *
   * @throws IOException where the issuer does not answer
   * @throws IllegalArgumentException where there is none, or it refuses
   */
  public DeviceLogin(Settings settings) throws IOException {
    if (settings.get("auth.oidc.issuer").isEmpty()) {
      throw new IllegalArgumentException(
          "There is nothing to log in with: auth.oidc.issuer (AUTH_OIDC_ISSUER) names no OpenID Connect provider");
    }
    this.settings = settings;
    this.issuer = Issuer.of(settings);
    try {
      this.begun = issuer.beginDevice();
    } catch (RefusedGrant e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Where the user says yes. */
  public URI page() {
    URI complete = begun.getVerificationURIComplete();
    return complete == null ? begun.getVerificationURI() : complete;
  }

  /** What the page must show, or asks for. */
  public String code() {
    return begun.getUserCode().getValue();
  }

  /**
   * Waits until the user has said yes, and keeps the login.
   *
   * @return as whom
   * @throws IllegalArgumentException where that was not in time, or the answer was no
   */
  public UserCredentials await() throws IOException, InterruptedException {
    long pause = begun.getInterval();
    while (true) {
      TimeUnit.SECONDS.sleep(pause);
      try {
        return OidcLogin.keep(settings, issuer.tokens(new DeviceCodeGrant(begun.getDeviceCode())));
      } catch (RefusedGrant e) {
        switch (e.code()) {
          case "authorization_pending" -> {}
          case "slow_down" -> pause += SLOWER;
          case "access_denied" -> throw new IllegalArgumentException("The login was denied", e);
          case "expired_token" ->
              throw new IllegalArgumentException(
                  "Nobody said yes in time; ./dev login begins anew", e);
          default -> throw new IllegalArgumentException(e.getMessage(), e);
        }
      }
    }
  }
}
