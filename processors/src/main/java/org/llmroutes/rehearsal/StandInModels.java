package org.llmroutes.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says the same few tokens to everybody, as vLLM streams them or whole, has one vector for every
 * text, and finds each passage worse than the one before.
 */
final class StandInModels extends LoopbackServer {
  /** Of a vector. */
  static final int DIMENSION = 384;

  private static final String TOKEN =
      """
      data: {"id":"r","object":"chat.completion.chunk","created":1,"model":"rehearsal",\
      "choices":[{"index":0,"delta":{"content":"%s"},"logprobs":null,"finish_reason":%s}]}

      """;
  private static final String USAGE =
      """
      data: {"id":"r","object":"chat.completion.chunk","created":1,"model":"rehearsal","choices":[],\
      "usage":{"prompt_tokens":30,"total_tokens":36,"completion_tokens":6}}

      data: [DONE]

      """;
  private static final String WHOLE =
      """
      {"id":"r","object":"chat.completion","created":1,"model":"rehearsal","choices":[{"index":0,\
      "message":{"role":"assistant","content":"Is the light on?"},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":30,"total_tokens":35,"completion_tokens":5}}
      """;
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"rehearsal\",\"object\":\"model\"}]}";
  private static final String VECTOR =
      "{\"data\":[{\"index\":0,\"embedding\":["
          + list(DIMENSION, i -> Double.toString(Math.sin(i + 1)))
          + "]}]}";
  private static final String ORDER =
      "{\"results\":["
          + list(
              StandInMilvus.FOUND,
              i -> "{\"index\":%d,\"relevance_score\":%s}".formatted(i, 1.0 / (i + 1)))
          + "]}";
  private static final String[] TOKENS = {"Tokens", " leave", " as", " they", " come", "."};

  StandInModels() throws IOException {}

  private static String list(int size, IntFunction<String> entry) {
    return IntStream.range(0, size).mapToObj(entry).collect(Collectors.joining(","));
  }

  @Override
  void serve(InputStream in, OutputStream out) throws IOException {
    while (true) {
      String path = line(in).split(" ")[1];
      String body = new String(in.readNBytes(contentLength(in)), StandardCharsets.UTF_8);
      if (path.endsWith("/embeddings")) {
        json(out, VECTOR);
      } else if (path.endsWith("/rerank")) {
        json(out, ORDER);
      } else if (body.contains("\"stream\":true")) {
        stream(out);
      } else {
        json(out, path.endsWith("/completions") ? WHOLE : MODELS);
      }
    }
  }

  private static int contentLength(InputStream in) throws IOException {
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    return length;
  }

  private static void stream(OutputStream out) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n");
    write(out, "transfer-encoding: chunked\r\n\r\n");
    for (String token : TOKENS) {
      chunk(out, TOKEN.formatted(token, ".".equals(token) ? "\"stop\"" : "null"));
    }
    chunk(out, USAGE);
    write(out, "0\r\n\r\n");
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    write(out, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static void json(OutputStream out, String body) throws IOException {
    write(out, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
    write(out, body.length() + "\r\n\r\n" + body);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
