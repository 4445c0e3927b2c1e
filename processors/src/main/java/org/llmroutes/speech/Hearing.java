package org.llmroutes.speech;

import java.util.Optional;
import org.llmroutes.http.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what somebody says. Silence and noise are {@link Transcript#NOTHING}, whatever the service
 * makes of them.
 */
public final class Hearing {
  private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);

  private final SpeechToText service;

  public Hearing(SpeechToText service) {
    this.service = service;
  }

  /**
   * @param requestId for the log
   * @throws org.llmroutes.errors.StepException as {@link SpeechToText} does
   */
  public Transcript of(Recording recording, String requestId, Deadline deadline) {
    Optional<Loudness> loudness = Loudness.of(recording.audio());
    if (loudness.filter(Loudness::isWithoutSpeech).isPresent()) {
      return nothing(requestId, "the audio is too short, silence or noise");
    }
    Transcript heard = service.transcribe(recording, deadline);
    return SpeechCheck.isSaid(heard, loudness)
        ? heard
        : nothing(requestId, "the transcript is what silence and noise are taken for");
  }

  private static Transcript nothing(String requestId, String reason) {
    LOG.atInfo()
        .addKeyValue("request_id", requestId)
        .addKeyValue("reason", reason)
        .log("nothing was said");
    return Transcript.NOTHING;
  }
}
