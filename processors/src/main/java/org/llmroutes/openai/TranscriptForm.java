package org.llmroutes.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llmroutes.speech.LanguageNames;
import org.llmroutes.speech.Transcript;
import org.llmroutes.speech.Transcript.Segment;

/**
 * A transcript as the OpenAI API writes it.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/audio">Audio</a>
 */
enum TranscriptForm {
  JSON("application/json", false) {
    @Override
    Object of(Transcript transcript, double seconds) {
      return Map.of("text", transcript.text());
    }
  },

  TEXT("text/plain; charset=utf-8", false) {
    @Override
    Object of(Transcript transcript, double seconds) {
      return transcript.text() + "\n";
    }
  },

  VERBOSE_JSON("application/json", false) {
    @Override
    Object of(Transcript transcript, double seconds) {
      List<Map<String, Object>> segments = new ArrayList<>();
      for (Segment segment : transcript.segments()) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", segments.size());
        told.put("start", segment.start());
        told.put("end", segment.end());
        told.put("text", segment.text());
        if (!Double.isNaN(segment.noSpeech())) {
          told.put("no_speech_prob", segment.noSpeech());
        }
        segments.add(told);
      }
      Map<String, Object> verbose = new LinkedHashMap<>();
      verbose.put("task", "transcribe");
      verbose.put("language", LanguageNames.name(transcript.language()));
      verbose.put("duration", seconds);
      verbose.put("text", transcript.text());
      verbose.put("segments", segments);
      return verbose;
    }
  },

  /** SubRip. */
  SRT("application/x-subrip; charset=utf-8", true) {
    @Override
    Object of(Transcript transcript, double seconds) {
      StringBuilder file = new StringBuilder();
      int number = 1;
      for (Segment segment : transcript.segments()) {
        file.append(number++).append('\n').append(cue(segment, ","));
      }
      return file.toString();
    }
  },

  /**
   * @see <a href="https://www.w3.org/TR/webvtt1/">WebVTT</a>
   */
  VTT("text/vtt; charset=utf-8", true) {
    @Override
    Object of(Transcript transcript, double seconds) {
      StringBuilder file = new StringBuilder("WEBVTT\n\n");
      transcript.segments().forEach(segment -> file.append(cue(segment, ".")));
      return file.toString();
    }
  };

  private final String contentType;
  private final boolean timed;

  TranscriptForm(String contentType, boolean timed) {
    this.contentType = contentType;
    this.timed = timed;
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  String contentType() {
    return contentType;
  }

  /** Whether it can be written; not without times where there is something to be timed. */
  boolean canTell(Transcript transcript) {
    return !timed || transcript.text().isEmpty() || !transcript.segments().isEmpty();
  }

  /**
   * Text, or what becomes JSON.
   *
   * @param seconds of the audio
   */
  abstract Object of(Transcript transcript, double seconds);

  private static String cue(Segment segment, String point) {
    return "%s --> %s\n%s\n\n"
        .formatted(
            time(segment.start(), point),
            time(segment.end(), point),
            // an empty line or an arrow would end the cue
            segment.text().replaceAll("\\s+", " ").replace("-->", "->"));
  }

  private static String time(double seconds, String point) {
    long millis = Math.round(seconds * 1000);
    return "%02d:%02d:%02d%s%03d"
        .formatted(
            millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60, point, millis % 1000);
  }
}
