package org.llmroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.Timeout;

/**
 * Notices an answer that comes before its request has been sent whole, such as that it is too long.
 * Never waits for one: the library's own strategy does, for a millisecond every 8 KB.
 *
 * @param socket without TLS, whose bytes may be of no answer
 */
record EarlyAnswers(Socket socket) implements ResponseOutOfOrderStrategy {
  @Override
  public boolean isEarlyResponseDetected(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      InputStream in,
      long bytesSent,
      long nextWrite)
      throws IOException {
    return socket.getInputStream().available() > 0
        && connection.isDataAvailable(Timeout.ONE_MILLISECOND);
  }
}
