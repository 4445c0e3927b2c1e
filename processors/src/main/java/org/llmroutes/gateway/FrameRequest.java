package org.llmroutes.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.turn.TurnOpening;

/**
 * What one text frame asks for: the call of its type, with the other fields as body; those that the
 * path of the call names are taken out.
 *
 * @param requestId the id that the frame names, or null
 * @param place what the client has of an answer that it asks for again, {@code attempt.seq}, or
 *     null
 * @param audioBytes length of the audio that comes in the next frame, 0 where none does
 * @param traceparent of the client's trace, or null; it may be anything
 */
record FrameRequest(
    String type,
    String requestId,
    HttpTurnsConsumer call,
    Map<String, String> parameters,
    String place,
    int audioBytes,
    String traceparent,
    Map<String, Object> body) {

  /** What says that a binary frame follows. */
  static final String AUDIO_BYTES = "audio_bytes";

  /**
   * @param length of the text in bytes
   * @throws HttpProblem for what is no request
   */
  static FrameRequest of(Map<String, Object> frame, int length, FrameCalls calls) {
    String requestId = idOf(frame);
    Object type = frame.remove("type");
    Object traceparent = frame.remove("traceparent");
    HttpTurnsConsumer call =
        calls
            .of(type)
            .orElseThrow(
                () ->
                    HttpProblem.ofField(
                        "type", "must be one of " + String.join(", ", calls.types())));
    int audioBytes = audioBytes(frame);
    HttpTurnsEndpoint endpoint = call.getEndpoint();
    if (length + (long) audioBytes > endpoint.getMaxBytes() + endpoint.getBody().aside()) {
      throw HttpProblem.of(
          ErrorCode.TOO_LARGE, type + " may have " + endpoint.getMaxBytes() + " bytes");
    }
    if (frame.containsKey("audio")) {
      throw HttpProblem.ofField("audio", "comes as a binary frame; say audio_bytes");
    }
    return new FrameRequest(
        (String) type,
        requestId,
        call,
        parameters(frame, endpoint),
        endpoint.isResume() ? place(frame, isRun(endpoint)) : null,
        audioBytes,
        traceparent instanceof String text ? text : null,
        frame);
  }

  /** The id that a frame names, where it can be one; otherwise null. */
  static String idOf(Map<String, Object> frame) {
    return TurnOpening.token(frame.get(HttpTurnsConstants.REQUEST_ID)).orElse(null);
  }

  /** Whether an answer comes that is followed. */
  boolean isFollowed() {
    return call.getEndpoint().getResponses() != null;
  }

  private static int audioBytes(Map<String, Object> frame) {
    boolean said = frame.containsKey(AUDIO_BYTES);
    return whole(frame, AUDIO_BYTES)
        .orElseGet(
            () -> {
              if (said) {
                throw HttpProblem.ofField(AUDIO_BYTES, "must be a whole number");
              }
              return 0;
            });
  }

  private static Map<String, String> parameters(
      Map<String, Object> frame, HttpTurnsEndpoint endpoint) {
    Map<String, String> parameters = new HashMap<>();
    for (String name : endpoint.parameters()) {
      if (!(frame.remove(name) instanceof String value)) {
        throw HttpProblem.ofField(name, "must be there, as text");
      }
      parameters.put(name, value);
    }
    return parameters;
  }

  /** Whether what is followed are statuses of a run. */
  boolean isRun() {
    return isRun(call.getEndpoint());
  }

  private static boolean isRun(HttpTurnsEndpoint endpoint) {
    return endpoint.getFormat() == AnswerFormat.RUN;
  }

  /** A run has no attempts: its statuses are counted by {@code seq} alone. */
  private static String place(Map<String, Object> frame, boolean run) {
    OptionalInt seq = whole(frame, "seq");
    if (run) {
      return seq.isPresent() ? "0." + seq.getAsInt() : null;
    }
    OptionalInt attempt = whole(frame, "attempt");
    if (attempt.isPresent() != seq.isPresent()) {
      throw HttpProblem.ofField("attempt", "comes with seq, or from the beginning with neither");
    }
    return attempt.isPresent() ? attempt.getAsInt() + "." + seq.getAsInt() : null;
  }

  private static OptionalInt whole(Map<String, Object> frame, String name) {
    Object value = frame.remove(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Integer number && number >= 0) {
      return OptionalInt.of(number);
    }
    throw HttpProblem.ofField(name, "must be a whole number, not below 0");
  }
}
