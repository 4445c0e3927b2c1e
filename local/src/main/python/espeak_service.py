"""espeak-ng on OpenAI's API, POST /v1/audio/speech: espeak_service.py PORT

It answers with WAV, whatever response_format asks for.
"""

import io
import json
import re
import sys
import threading
import wave
from ctypes import CDLL, CFUNCTYPE, POINTER, c_char_p, c_int, c_short, c_size_t, c_uint, c_void_p, string_at

import espeakng_loader

from speech_server import Rejected, serve

# of espeak-ng's speak_lib.h
AUDIO_OUTPUT_SYNCHRONOUS = 2
RATE, WORD_GAP = 1, 7
CHARS_UTF8 = 1

MAX_CHARACTERS = 4096  # as at OpenAI
VOICE = re.compile(r"[A-Za-z0-9-]{1,32}(\+[A-Za-z0-9-]{1,32})?")


class Espeak:
    """The library; it speaks one text at a time."""

    def __init__(self):
        self.turn = threading.Lock()
        self.frames = bytearray()
        self.library = CDLL(espeakng_loader.get_library_path())
        self.library.espeak_Synth.argtypes = [
            c_char_p, c_size_t, c_uint, c_int, c_uint, c_uint, c_void_p, c_void_p,
        ]
        self.sample_rate = self.library.espeak_Initialize(
            AUDIO_OUTPUT_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0
        )
        if self.sample_rate <= 0:
            sys.exit("espeak-ng cannot be initialised")
        # kept, since the library calls it later
        self.take = CFUNCTYPE(c_int, POINTER(c_short), c_int, c_void_p)(self.take)
        self.library.espeak_SetSynthCallback(self.take)
        # slow, with 40 ms between words: Whisper understands half as many words wrong
        self.library.espeak_SetParameter(RATE, 150, 0)
        self.library.espeak_SetParameter(WORD_GAP, 4, 0)

    def take(self, samples, count, _events):
        if samples:
            self.frames += string_at(samples, 2 * count)
        return 0

    def speak(self, text, voice):
        """A WAV file, mono, 16 bits."""
        with self.turn:
            if not VOICE.fullmatch(voice) or self.library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise Rejected("No such voice")
            self.frames.clear()
            spoken = text.replace("\0", " ").encode(errors="replace")
            if self.library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, CHARS_UTF8, None, None) != 0:
                raise RuntimeError("espeak-ng did not speak")
            frames = bytes(self.frames)
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(self.sample_rate)
            out.writeframes(frames)
        return file.getvalue()


def main(port):
    espeak = Espeak()

    def speak(_content_type, body):
        try:
            request = dict(json.loads(body))
        except (ValueError, TypeError, RecursionError):
            raise Rejected("The request is not a JSON object") from None
        text, voice = request.get("input"), request.get("voice")
        if voice in (None, "", "alloy"):  # alloy is whom clients of this API name where they have no wish
            voice = "en"
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_CHARACTERS:
            raise Rejected(f"input must be a text of 1 to {MAX_CHARACTERS} characters")
        if not isinstance(voice, str):
            raise Rejected("voice must be a text")
        return "audio/wav", espeak.speak(text, voice)

    serve(port, "/v1/audio/speech", speak)


if __name__ == "__main__":
    main(int(sys.argv[1]))
