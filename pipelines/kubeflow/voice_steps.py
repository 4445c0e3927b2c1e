"""The steps of the voice pipeline: speech to text, an answer, text to speech. Needs nothing but Python.

Each step reads one file and writes another, by paths that are absolute or below the data volume. The services are those of WHISPER_URL, VLLM_URL and TTS_URL,
spoken to by the OpenAI protocol, with the models that WHISPER_MODEL, VLLM_MODEL and TTS_MODEL name.
"""

import argparse
import json
import os
import pathlib
import urllib.request
import uuid

TIMEOUT_SECONDS = 300
INSTRUCTION = "Answer in one or two short sentences that are good to listen to."


def on_volume(name):
    return pathlib.Path("/data", name)


def call(service, path, body=None, content_type="application/json"):
    """Asks the service whose address and key are in SERVICE_URL and SERVICE_API_KEY."""
    headers = {"content-type": content_type}
    key = os.environ.get(service + "_API_KEY", "").strip()
    if key:
        headers["authorization"] = "Bearer " + key
    request = urllib.request.Request(os.environ[service + "_URL"] + path, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
        return response.read()


def form(fields, name, content):
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(head.encode() + b"content-type: application/octet-stream\r\n\r\n" + content)
    return b"".join(parts) + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def transcribe(audio, arguments):
    fields = {"model": os.environ["WHISPER_MODEL"], "response_format": "json"}
    body, content_type = form(fields, "audio" + arguments.input.suffix, audio)
    answer = call("WHISPER", "/v1/audio/transcriptions", body, content_type)
    return json.loads(answer)["text"].strip().encode()


def model():
    named = os.environ.get("VLLM_MODEL")
    if named:
        return named
    return json.loads(call("VLLM", "/models"))["data"][0]["id"]


def answer(question, arguments):
    if not question:
        raise SystemExit("nothing was said in the audio")
    messages = [
        {"role": "system", "content": INSTRUCTION},
        {"role": "user", "content": question.decode()},
    ]
    body = json.dumps({"model": model(), "messages": messages, "max_tokens": 200}).encode()
    completion = json.loads(call("VLLM", "/chat/completions", body))
    return completion["choices"][0]["message"]["content"].strip().encode()


def speak(text, arguments):
    request = {"model": os.environ["TTS_MODEL"], "input": text.decode(), "response_format": "wav"}
    if arguments.voice:
        request["voice"] = arguments.voice
    return call("TTS", "/v1/audio/speech", json.dumps(request).encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=["transcribe", "answer", "speak"])
    parser.add_argument("input", type=on_volume)
    parser.add_argument("output", type=on_volume)
    parser.add_argument("--voice", default="", help="of the text-to-speech service; empty for its own")
    arguments = parser.parse_args()
    result = globals()[arguments.step](arguments.input.read_bytes(), arguments)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(result)


if __name__ == "__main__":
    main()
