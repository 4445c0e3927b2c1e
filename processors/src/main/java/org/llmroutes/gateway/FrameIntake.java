package org.llmroutes.gateway;

import io.vertx.core.http.WebSocketFrame;
import java.util.Map;
import org.llmroutes.errors.ErrorCode;

/**
 * Makes requests of what a client sends: of a text, and of the audio that comes after it where it
 * says so. Belongs to the event loop of its connection.
 */
final class FrameIntake implements FrameReader.Listener {
  private final FrameConnection connection;
  private final FrameCalls calls;
  private final Room room;
  private final FrameReader reader;
  private FrameContent waitsForAudio;

  /**
   * @param room for the audio of all requests
   */
  FrameIntake(FrameConnection connection, FrameCalls calls, int maxTextBytes, Room room) {
    this.connection = connection;
    this.calls = calls;
    this.room = room;
    this.reader = new FrameReader(maxTextBytes, this);
  }

  void read(WebSocketFrame frame) {
    reader.read(frame);
  }

  @Override
  public void text(byte[] json) {
    if (waitsForAudio != null) {
      wrongAudio("audio_bytes: the next frame must be the audio");
      reader.skipAudio();
    }
    Map<String, Object> frame;
    try {
      frame = JsonText.object(json);
    } catch (HttpProblem e) {
      connection.problem(null, e);
      return;
    }
    String requestId = FrameRequest.idOf(frame);
    boolean audioFollows = frame.containsKey(FrameRequest.AUDIO_BYTES);
    try {
      FrameRequest request = FrameRequest.of(frame, json.length, calls);
      connection.requireTurn(request);
      FrameContent content = new FrameContent(request, room);
      if (audioFollows) {
        waitsForAudio = content;
        reader.expectAudio(request.audioBytes());
      } else {
        connection.route(content);
      }
    } catch (HttpProblem e) {
      if (audioFollows) {
        reader.skipAudio();
      }
      connection.problem(requestId, e);
    }
  }

  @Override
  public void audio(byte[] audio) {
    FrameContent content = waitsForAudio;
    waitsForAudio = null;
    content.put(audio);
    connection.route(content);
  }

  @Override
  public void wrongAudio(String why) {
    FrameContent content = waitsForAudio;
    waitsForAudio = null;
    content.close();
    connection.problem(
        content.request().requestId(), HttpProblem.of(ErrorCode.INVALID_MESSAGE, why));
  }

  @Override
  public void broken(CloseCode code, String why) {
    ErrorCode error = code == CloseCode.TOO_LARGE ? ErrorCode.TOO_LARGE : ErrorCode.INVALID_MESSAGE;
    connection.problem(null, HttpProblem.of(error, why));
    connection.close(code, why);
  }

  /** Nothing more comes. */
  void close() {
    if (waitsForAudio != null) {
      waitsForAudio.close();
    }
  }
}
