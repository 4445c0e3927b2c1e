package org.llmroutes.speech;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what an audio file is by its bytes, whatever it is said to be: browsers and recorders
 * name formats as they please.
 */
final class AudioSniffer {
  private static final Set<String> WAVE_FORMS = Set.of("RIFF", "RIFX", "RF64", "BW64");
  private static final Set<String> MP4_BOXES =
      Set.of("ftyp", "moov", "mdat", "free", "skip", "wide", "pnot");
  private static final Set<String> MP4_LATER_BOXES = Set.of("styp", "moof", "sidx");
  private static final int OGG_FLAGS = 5;
  private static final int OGG_FIRST_PAGE = 2;

  /** What is recognised only to be named, by its beginning. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "FORM", "AIFF",
          ".snd", "an AU file",
          "caff", "a CAF file",
          "#!AM", "AMR",
          "0&\u00b2u", "Windows Media",
          "MThd", "MIDI",
          "wvpk", "WavPack",
          "MAC ", "Monkey's Audio");

  private AudioSniffer() {}

  /**
   * @param said what it is said to be, for the message
   * @throws InvalidAudio whose message says what it is, or is not, and what to do
   */
  static AudioFormat sniff(byte[] file, AudioFormat said) {
    if (WAVE_FORMS.contains(at(file, 0)) && has(file, 8, "WAVE")) {
      return AudioFormat.WAV;
    }
    int start = Id3.end(file);
    if (has(file, start, "fLaC")) {
      return AudioFormat.FLAC;
    } else if (has(file, 0, "OggS")) {
      requireFirst("Ogg", file.length <= OGG_FLAGS || (file[OGG_FLAGS] & OGG_FIRST_PAGE) != 0);
      return AudioFormat.OGG;
    } else if (has(file, 0, "\u001aE\u00df\u00a3")) {
      return AudioFormat.WEBM;
    } else if (MP4_BOXES.contains(at(file, 4))) {
      return AudioFormat.MP4;
    }
    requireFirst("WebM", !has(file, 0, "\u001fC\u00b6u"));
    requireFirst("MP4", !MP4_LATER_BOXES.contains(at(file, 4)));
    return MpegFrames.find(file, start)
        .map(MpegFrames::format)
        .orElseThrow(() -> unknown(file, said));
  }

  /** A slice of a recording can be played only after those before it. */
  private static void requireFirst(String container, boolean first) {
    if (!first) {
      throw new InvalidAudio(
          "The audio begins in the middle of a recording ("
              + container
              + "); send it as one file, beginning with the first slice, which has the header");
    }
  }

  private static InvalidAudio unknown(byte[] file, AudioFormat said) {
    String other = OTHERS.get(at(file, 0));
    return InvalidAudio.toConvert(
        other == null
            ? "The audio is no " + said.wire() + ", and nothing else that is understood"
            : "The audio is " + other + ", which is not understood");
  }

  private static String at(byte[] file, int place) {
    return file.length - place < 4 ? "" : new String(file, place, 4, StandardCharsets.ISO_8859_1);
  }

  static boolean has(byte[] file, int place, String name) {
    return at(file, place).startsWith(name);
  }
}
