package org.llmroutes.identity;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.llmroutes.config.ApiKey;
import org.llmroutes.config.Settings;

/**
 * What {@code auth.login} says, and where browsers find the gateway.
 *
 * @param clientSecret empty for a public client; a file is read whenever it is shown
 * @param url of the gateway, without a path
 * @param session how long a login lasts at most
 */
record LoginSettings(
    String clientId, ApiKey clientSecret, String scopes, URI url, Duration session) {

  /**
   * @throws IllegalArgumentException for settings that do not go together
   */
  static LoginSettings of(Settings settings) {
    URI url = url(settings);
    if (!"https".equals(url.getScheme()) && !isLoopback(url.getHost())) {
      throw new IllegalArgumentException(
          "auth.login.client-id needs gateway.url with https, is "
              + url
              + ": a session must not be read on its way");
    }
    return new LoginSettings(
        settings.get("auth.login.client-id"),
        clientSecret(settings),
        settings.get("auth.login.scopes"),
        url,
        settings.getDuration("auth.login.session"));
  }

  private static ApiKey clientSecret(Settings settings) {
    String file = settings.get("auth.login.client-secret-file");
    return new ApiKey(
        settings.get("auth.login.client-secret"),
        file.isEmpty() ? Optional.empty() : Optional.of(settings.path(file)));
  }

  private static URI url(Settings settings) {
    String url = settings.get("gateway.url");
    return URI.create(
        url.isEmpty()
            ? "http://" + settings.get("gateway.host") + ":" + settings.get("gateway.port")
            : url.replaceFirst("/$", ""));
  }

  private static boolean isLoopback(String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
