package org.llmroutes.login;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import org.llmroutes.config.Settings;

/** The OpenID Connect provider, as the command line asks it: a client without a secret. */
final class Issuer {
  private static final Scope SCOPE = new Scope("openid", "profile", "offline_access");

  private final OIDCProviderMetadata metadata;
  private final ClientID client;
  private final int timeoutMillis;

  private Issuer(OIDCProviderMetadata metadata, ClientID client, int timeoutMillis) {
    this.metadata = metadata;
    this.client = client;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * @throws IOException where it does not answer
   */
  static Issuer of(Settings settings) throws IOException {
    String address = settings.get("auth.oidc.issuer");
    int timeoutMillis = Math.toIntExact(settings.getDuration("auth.oidc.timeout").toMillis());
    try {
      return new Issuer(
          OIDCProviderMetadata.resolve(
              new com.nimbusds.oauth2.sdk.id.Issuer(address), timeoutMillis, timeoutMillis),
          new ClientID(settings.get("auth.oidc.device-client-id")),
          timeoutMillis);
    } catch (GeneralException e) {
      throw new IOException(address + " is no OpenID Connect provider: " + e.getMessage(), e);
    }
  }

  /** Begins a login by device code (RFC 8628). */
  DeviceAuthorizationSuccessResponse beginDevice() throws IOException, RefusedGrant {
    URI endpoint = metadata.getDeviceAuthorizationEndpointURI();
    if (endpoint == null) {
      throw new IllegalArgumentException(
          metadata.getIssuer() + " has no login by device code; use an API key");
    }
    DeviceAuthorizationRequest request =
        new DeviceAuthorizationRequest.Builder(client).endpointURI(endpoint).scope(SCOPE).build();
    try {
      DeviceAuthorizationResponse response =
          DeviceAuthorizationResponse.parse(send(request.toHTTPRequest()));
      if (!response.indicatesSuccess()) {
        throw new RefusedGrant(response.toErrorResponse().getErrorObject());
      }
      return response.toSuccessResponse();
    } catch (ParseException e) {
      throw new IOException("Its answer is none of OAuth 2: " + e.getMessage(), e);
    }
  }

  AccessTokenResponse tokens(AuthorizationGrant grant) throws IOException, RefusedGrant {
    TokenRequest request =
        new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant).build();
    try {
      TokenResponse response = TokenResponse.parse(send(request.toHTTPRequest()));
      if (response.indicatesSuccess()) {
        return response.toSuccessResponse();
      }
      throw new RefusedGrant(response.toErrorResponse().getErrorObject());
    } catch (ParseException e) {
      throw new IOException("Its answer is none of OAuth 2: " + e.getMessage(), e);
    }
  }

  private HTTPResponse send(HTTPRequest request) throws IOException {
    request.setConnectTimeout(timeoutMillis);
    request.setReadTimeout(timeoutMillis);
    return request.send();
  }
}
