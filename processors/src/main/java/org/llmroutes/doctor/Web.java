package org.llmroutes.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Plain questions over HTTP, of which no more than a beginning is read; redirects are answers. */
final class Web {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Web() {}

  /** What its head says, and the beginning of its body. */
  static HttpResponse<String> get(String url, int most) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    return HTTP.send(
        request,
        head ->
            BodySubscribers.mapping(
                new Beginning(most), bytes -> new String(bytes, StandardCharsets.UTF_8)));
  }
}
