package org.llmroutes.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Says the same few tokens to everybody, as vLLM streams them. */
final class StandInLlm extends LoopbackServer {
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
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"rehearsal\",\"object\":\"model\"}]}";
  private static final String[] TOKENS = {"Tokens", " leave", " as", " they", " come", "."};

  StandInLlm() throws IOException {}

  @Override
  void serve(InputStream in, OutputStream out) throws IOException {
    while (true) {
      String request = line(in);
      in.readNBytes(contentLength(in));
      if (request.startsWith("POST")) {
        write(out, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n");
        write(out, "transfer-encoding: chunked\r\n\r\n");
        for (String token : TOKENS) {
          chunk(out, TOKEN.formatted(token, ".".equals(token) ? "\"stop\"" : "null"));
        }
        chunk(out, USAGE);
        write(out, "0\r\n\r\n");
      } else {
        write(out, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
        write(out, MODELS.length() + "\r\n\r\n" + MODELS);
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

  private static void chunk(OutputStream out, String text) throws IOException {
    write(out, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
