package org.llmroutes.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.tls.PemTls;

/**
 * Finds out why there is no connection to Milvus: of whatever it is, gRPC says only that there was
 * no answer in time.
 */
final class MilvusProbe {
  private static final int CONNECTS_WITHIN = (int) Duration.ofSeconds(2).toMillis();

  /** What an HTTP/2 client begins with; the server's beginning is a frame of settings. */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final int SETTINGS = 4;

  private final MilvusSettings settings;
  private final int answersWithin;

  /**
   * @param answersWithin how long a server that is connected to may take to say anything
   */
  MilvusProbe(MilvusSettings settings, Duration answersWithin) {
    this.settings = settings;
    this.answersWithin = (int) answersWithin.toMillis();
  }

  /**
   * Returns where nothing speaks against a connection.
   *
   * @throws IOException whose message is the reason against it, for an operator
   */
  void check() throws IOException {
    try (Socket socket = connected()) {
      if (settings.tls()) {
        shakeHands(socket);
      } else {
        readSettings(socket);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("it does not answer", e);
    }
  }

  private Socket connected() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECTS_WITHIN);
      socket.setSoTimeout(answersWithin);
      return socket;
    } catch (UnknownHostException e) {
      socket.close();
      throw new IOException("there is no such host", e);
    } catch (ConnectException e) {
      socket.close();
      throw new IOException("nothing listens there", e);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void shakeHands(Socket socket) throws IOException {
    try (SSLSocket secure = secure(socket, trusted())) {
      secure.startHandshake();
    } catch (SSLHandshakeException e) {
      throw new IOException(
          "its certificate is not accepted (MILVUS_TLS_CA_FILE, MILVUS_TLS_SERVER_NAME): "
              + e.getMessage(),
          e);
    } catch (SSLException | SocketException e) {
      throw new IOException("it does not speak TLS (MILVUS_TLS)", e);
    } catch (GeneralSecurityException e) {
      throw new IOException("MILVUS_TLS_CA_FILE cannot be used: " + e.getMessage(), e);
    }
  }

  private void readSettings(Socket socket) throws IOException {
    socket.getOutputStream().write(PREFACE);
    socket.getOutputStream().flush();
    byte[] frame = begin(socket);
    if (frame.length < 4) {
      throw new IOException(
          speaksTls() ? "it speaks TLS (MILVUS_TLS=true)" : "it closes the connection");
    } else if (frame[3] != SETTINGS) {
      throw new IOException("it does not speak gRPC (MILVUS_PORT)");
    }
  }

  /** The first bytes; none where the connection was closed instead. */
  private static byte[] begin(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return in.readNBytes(4);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      return new byte[0];
    }
  }

  private boolean speaksTls() throws IOException {
    try (Socket socket = connected();
        SSLSocket secure = secure(socket, SSLContext.getDefault())) {
      secure.startHandshake();
      return true;
    } catch (SSLHandshakeException e) {
      return true;
    } catch (SSLException | SocketException | SocketTimeoutException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has TLS", e);
    }
  }

  private SSLSocket secure(Socket socket, SSLContext context) throws IOException {
    String name = settings.serverName().isEmpty() ? settings.host() : settings.serverName();
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(socket, name, settings.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"h2"});
    secure.setSSLParameters(parameters);
    return secure;
  }

  private SSLContext trusted() throws IOException, GeneralSecurityException {
    return settings.authorityFile().isEmpty()
        ? SSLContext.getDefault()
        : PemTls.context(Path.of(settings.authorityFile()), null, null);
  }
}
