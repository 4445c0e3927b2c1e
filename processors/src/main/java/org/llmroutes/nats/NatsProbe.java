package org.llmroutes.nats;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.llmroutes.tls.PemTls;

/**
 * Finds out why there is no connection to NATS, of which the client library says only that there is
 * none. A server speaks first: its INFO, and TLS after that.
 *
 * @see <a href="https://docs.nats.io/reference/reference-protocols/nats-protocol">NATS client
 *     protocol, INFO</a>
 */
public final class NatsProbe {
  private static final int PORT = 4222;
  private static final int PATIENCE_MILLIS = 2000;
  private static final int LONGEST_INFO = 32 * 1024;

  private NatsProbe() {}

  /**
   * What speaks against a connection, for an operator.
   *
   * @param urls as NATS_URL has them; the first is looked at
   */
  public static String reason(String urls, Map<String, String> environment) {
    String first = urls.split("\\s*,\\s*")[0];
    URI url = URI.create(first.contains("://") ? first : "nats://" + first);
    if (url.getScheme().startsWith("ws")) {
      return "it does not answer";
    }
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(url.getHost(), url.getPort() == -1 ? PORT : url.getPort()),
          PATIENCE_MILLIS);
      String info = line(socket.getInputStream());
      if (!info.startsWith("INFO ")) {
        return "what answers there is no NATS server";
      }
      boolean wantsTls = info.contains("\"tls_required\":true");
      if ("tls".equals(url.getScheme()) && !wantsTls && !info.contains("\"tls_available\":true")) {
        return "it has no TLS, and the address begins with tls://";
      }
      return wantsTls ? shakeHands(socket, url, environment) : "it closes the connection";
    } catch (UnknownHostException e) {
      return "there is no such host";
    } catch (SocketTimeoutException e) {
      return "it does not answer";
    } catch (IOException e) {
      return "nothing listens there";
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_INFO; c = in.read()) {
      line.append((char) c);
    }
    return new String(
        line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String shakeHands(Socket socket, URI url, Map<String, String> environment)
      throws IOException {
    String authority = environment.get("NATS_TLS_CA_FILE");
    try {
      SSLContext context =
          authority == null
              ? SSLContext.getDefault()
              : PemTls.context(
                  Path.of(authority),
                  environment.get("NATS_TLS_CERT_FILE"),
                  environment.get("NATS_TLS_KEY_FILE"));
      try (SSLSocket secure =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, url.getHost(), url.getPort(), true)) {
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return "it wants TLS, and closes the connection after that; it may want a certificate";
      }
    } catch (SSLHandshakeException e) {
      return "its TLS certificate is not accepted: " + e.getMessage();
    } catch (SSLException e) {
      return "TLS fails: " + e.getMessage();
    } catch (GeneralSecurityException e) {
      return "the TLS files cannot be used: " + e.getMessage();
    }
  }
}
