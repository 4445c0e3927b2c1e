package org.llmroutes.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.llmroutes.msgpack.MsgpackCodec;

/**
 * Has a stream for whatever is published, keeps none of it, and hands requests to whoever asks for
 * messages; of one client.
 *
 * @see <a href="https://docs.nats.io/reference/reference-protocols/nats-protocol">NATS client
 *     protocol</a>
 */
final class StandInNats extends LoopbackServer {
  /** What the subjects of responses begin with, and those of chunks do not. */
  private static final String RESPONSE = "ai.chat.response." + Rehearsal.ID;

  private static final MsgpackCodec CODEC = new MsgpackCodec();
  private static final String INFO =
      "INFO {\"server_id\":\"rehearsal\",\"version\":\"2.11.0\",\"proto\":1,\"headers\":true,"
          + "\"max_payload\":1048576,\"jetstream\":true}\r\n";
  private static final String STORED = "{\"stream\":\"REHEARSAL\",\"seq\":%d}";
  private static final String BUCKET =
      """
      {"config":{"name":"KV_rehearsal","subjects":["$KV.rehearsal.>"]},"created":"2020-01-01T00:00:00Z",\
      "state":{"messages":0,"bytes":0,"first_seq":0,"last_seq":0,"consumer_count":0}}
      """;
  private static final String NOT_THERE =
      "{\"error\":{\"code\":404,\"err_code\":10059,\"description\":\"stream not found\"}}";

  private static final String EMPTY =
      "{\"error\":{\"code\":404,\"err_code\":10037,\"description\":\"no message found\"}}";

  private final Map<String, String> subscriptions = new ConcurrentHashMap<>();
  private final AtomicLong stored = new AtomicLong();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger answered = new AtomicInteger();
  private final Semaphore settled = new Semaphore(0);
  private volatile OutputStream client;
  private volatile String inbox;

  StandInNats() throws IOException {}

  /**
   * Delivers a request of a user and waits until one is settled.
   *
   * @return whether it was in time
   */
  boolean turn(String user, byte[] request, long withinMillis)
      throws IOException, InterruptedException {
    if (!asked.await(withinMillis, TimeUnit.MILLISECONDS)) {
      return false;
    }
    long sequence = stored.incrementAndGet();
    String settling =
        "$JS.ACK.AI_CHAT.chat-handler.1.%d.%d.%d.0"
            .formatted(sequence, sequence, System.currentTimeMillis() * 1_000_000);
    deliver("ai.chat.user." + user + ".message", inbox, settling, request);
    return settled.tryAcquire(withinMillis, TimeUnit.MILLISECONDS);
  }

  /** Responses that say of success without a step that was done without. */
  int answered() {
    return answered.get();
  }

  @Override
  void serve(InputStream in, OutputStream out) throws IOException {
    client = out;
    say(INFO.getBytes(StandardCharsets.US_ASCII));
    while (true) {
      String[] words = line(in).split(" ");
      switch (words[0]) {
        case "PING" -> say("PONG\r\n".getBytes(StandardCharsets.US_ASCII));
        case "SUB" -> subscriptions.put(words[1], words[words.length - 1]);
        case "PUB", "HPUB" -> {
          boolean headers = "HPUB".equals(words[0]);
          int head = headers ? Integer.parseInt(words[words.length - 2]) : 0;
          in.readNBytes(head);
          byte[] payload = in.readNBytes(Integer.parseInt(words[words.length - 1]) - head);
          in.readNBytes(2);
          boolean answered = words.length == (headers ? 5 : 4);
          published(words[1], answered ? words[2] : null, payload);
        }
        default -> {
          // nothing that needs an answer
        }
      }
    }
  }

  private void published(String subject, String reply, byte[] payload) throws IOException {
    if (subject.startsWith("$JS.API.CONSUMER.MSG.NEXT.")) {
      inbox = reply;
      asked.countDown();
    } else if (subject.startsWith("$JS.ACK.")) {
      if (payload[0] != '+' || payload[1] == 'A') {
        settled.release();
      }
    } else if (reply != null) {
      if (subject.startsWith(RESPONSE)) {
        count(CODEC.decodeMap(payload));
      }
      deliver(reply, reply, null, answer(subject).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void count(Map<String, Object> response) {
    boolean whole = List.of().equals(response.get("degraded"));
    if (whole && Boolean.TRUE.equals(response.get("success"))) {
      answered.incrementAndGet();
    }
  }

  private String answer(String subject) {
    if (subject.startsWith("$JS.API.STREAM.INFO.")) {
      return BUCKET;
    } else if (subject.startsWith("$JS.API.STREAM.MSG.GET.")) {
      return EMPTY;
    }
    return subject.startsWith("$JS.API.") ? NOT_THERE : STORED.formatted(stored.incrementAndGet());
  }

  /**
   * @param subscribed the subject by which the client has subscribed, or one that a wildcard in its
   *     last place matches
   */
  private void deliver(String subject, String subscribed, String reply, byte[] payload)
      throws IOException {
    String id =
        subscriptions.getOrDefault(
            subscribed,
            subscriptions.get(subscribed.substring(0, subscribed.lastIndexOf('.') + 1) + "*"));
    String line =
        "MSG " + subject + " " + id + (reply == null ? "" : " " + reply) + " " + payload.length;
    byte[] head = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + payload.length + 2];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(payload, 0, all, head.length, payload.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    say(all);
  }

  private void say(byte[] bytes) throws IOException {
    synchronized (subscriptions) {
      client.write(bytes);
    }
  }
}
