package org.llmroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.io.CloseMode;

/**
 * One connection to a service. Whoever asks reads and writes by itself; interrupting that thread
 * closes the connection, which only the sockets of channels do.
 */
final class HttpConnection extends DefaultBHttpClientConnection {
  private static final int CONNECT_MILLIS = 3000;
  private static final Http1Config LIMITS =
      Http1Config.custom().setBufferSize(16 * 1024).setMaxLineLength(64 * 1024).build();

  private final String service;
  private final SocketChannel channel;
  private final ByteBuffer unexpected = ByteBuffer.allocate(1);

  private HttpConnection(URI uri, SocketChannel channel) {
    super(LIMITS, null, null, null, null, new EarlyAnswers(channel.socket()), null, null);
    this.service = serviceOf(uri);
    this.channel = channel;
  }

  /** Scheme, host and port, which requests over one connection have in common. */
  static String serviceOf(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  String service() {
    return service;
  }

  /** Connects to the first address of a host that answers. */
  static HttpConnection open(URI uri) throws IOException {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    if (uri.getHost() == null) {
      throw new UnknownHostException(uri.getRawAuthority());
    }
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
      SocketChannel channel = SocketChannel.open();
      HttpConnection connection = new HttpConnection(uri, channel);
      try {
        Socket socket = channel.socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
        if (secure) {
          connection.bind(encrypted(socket, uri.getHost(), port), socket);
        } else {
          connection.bind(socket);
        }
        return connection;
      } catch (IOException e) {
        channel.close();
        failure = e;
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw failure;
  }

  private static SSLSocket encrypted(Socket socket, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket encrypted = (SSLSocket) factory.createSocket(socket, host, port, true);
    SSLParameters parameters = encrypted.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    encrypted.setSSLParameters(parameters);
    encrypted.startHandshake();
    return encrypted;
  }

  /** Whether the server has neither closed it nor said anything since the last answer. */
  boolean isIdle() {
    try {
      channel.configureBlocking(false);
      try {
        return isOpen() && channel.read(unexpected.clear()) == 0;
      } finally {
        channel.configureBlocking(true);
      }
    } catch (IOException e) {
      return false;
    }
  }

  void abort() {
    close(CloseMode.IMMEDIATE);
  }

  @Override
  protected OutputStream createContentOutputStream(
      long length,
      SessionOutputBuffer buffer,
      OutputStream out,
      Supplier<List<? extends Header>> trailers) {
    return super.createContentOutputStream(length, buffer, new Slices(out), trailers);
  }

  @Override
  protected InputStream createContentInputStream(
      long length, SessionInputBuffer buffer, InputStream in) {
    InputStream content = super.createContentInputStream(length, buffer, in);
    return length == ContentLengthStrategy.CHUNKED ? new ArrivedChunks(content, buffer) : content;
  }
}
