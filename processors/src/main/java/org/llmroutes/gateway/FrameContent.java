package org.llmroutes.gateway;

import java.util.Map;
import org.llmroutes.errors.ErrorCode;

/** The fields of a frame, with room for the audio that comes after it. */
final class FrameContent implements Content {
  private final FrameRequest request;
  private final Room room;

  /**
   * @throws HttpProblem 503 where all that is being sent takes too much memory already
   */
  FrameContent(FrameRequest request, Room room) {
    this.request = request;
    this.room = room;
    if (!room.take(request.audioBytes())) {
      throw HttpProblem.of(ErrorCode.UNAVAILABLE, "Too much is being sent at once");
    }
  }

  FrameRequest request() {
    return request;
  }

  void put(byte[] audio) {
    request.body().put("audio", audio);
  }

  @Override
  public Map<String, Object> read() {
    return request.body();
  }

  /** The memory of its audio is somebody else's. */
  @Override
  public void close() {
    room.giveBack(request.audioBytes());
  }
}
