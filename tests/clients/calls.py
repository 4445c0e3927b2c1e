"""Every call of the OpenAI API by openai-python: calls.py BASE_URL COLLECTION

Prints one JSON object with what each call gave. calls.mjs does the same by openai-node.
"""

import asyncio
import json
import sys

import openai

base_url, collection = sys.argv[1:]
client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
model = "fake-model"


def user(content):
    return [{"role": "user", "content": content}]


def chat():
    completion = client.chat.completions.create(model=collection, messages=user("What does it wait for?"))
    choice = completion.choices[0]
    return {
        "content": choice.message.content,
        "role": choice.message.role,
        "finish_reason": choice.finish_reason,
        "model": completion.model,
        "counted": completion.usage.total_tokens > 0,
        "sources": len(completion.sources),
    }


def streamed():
    chunks = list(
        client.chat.completions.create(
            model=collection,
            messages=user("What does it wait for?"),
            stream=True,
            stream_options={"include_usage": True},
            max_completion_tokens=50,
        )
    )
    return {
        "contents": [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices],
        "role": chunks[0].choices[0].delta.role,
        "finish_reason": chunks[-2].choices[0].finish_reason,
        "sources": len(chunks[-2].sources),
        "counted": chunks[-1].usage.total_tokens > 0,
    }


def conversation():
    messages = [
        {"role": "developer", "content": "Count upwards."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": "Two."},
        {"role": "user", "content": [{"type": "text", "text": "And then?"}]},
    ]
    return client.chat.completions.create(model=model, messages=messages, user="eve").choices[0].message.content


async def together():
    async with openai.AsyncOpenAI(base_url=base_url, api_key="none") as asynchronous:
        calls = [asynchronous.chat.completions.create(model=model, messages=user("Hello")) for _ in range(8)]
        return [completion.choices[0].message.content for completion in await asyncio.gather(*calls)]


def cancelled():
    with client.chat.completions.create(model=model, messages=user("Go on"), stream=True) as stream:
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                return chunk.choices[0].delta.content


def embeddings():
    by_default = client.embeddings.create(model="any", input=["A heron.", "A ship."])
    as_numbers = client.embeddings.create(model="any", input="A heron.", encoding_format="float")
    return {
        "lengths": [len(entry.embedding) for entry in by_default.data],
        "same": max(abs(a - b) for a, b in zip(by_default.data[0].embedding, as_numbers.data[0].embedding)) < 1e-6,
        "counted": by_default.usage.total_tokens > 0,
    }


def speech():
    text = "One sentence is here. Another one is there."
    whole = client.audio.speech.create(model="tts-1", voice="alloy", input=text).content
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=text, response_format="wav"
    ) as response:
        pieces = b"".join(response.iter_bytes())
    return {"same": whole == pieces, "begin": pieces[:4].decode(), "type": response.headers["content-type"]}


def transcriptions():
    wav = client.audio.speech.create(
        model="tts-1", voice="alloy", input="The heron waits for fish.", response_format="wav"
    ).content

    def transcribe(**parameters):
        return client.audio.transcriptions.create(model="whisper-1", file=("question.wav", wav), **parameters)

    verbose = transcribe(response_format="verbose_json", timestamp_granularities=["segment"])
    return {
        "json": transcribe(language="en", prompt="Herons").text,
        "text": transcribe(response_format="text"),
        "verbose": [verbose.text, verbose.language, verbose.segments[0].end, verbose.duration > 0],
        "srt": transcribe(response_format="srt"),
        "vtt": transcribe(response_format="vtt"),
    }


def models():
    return {
        "listed": [entry.id for entry in client.models.list()],
        "one": client.models.retrieve(collection).id,
        "slashed": client.models.retrieve("Qwen/Qwen3-8B").id,
    }


def error(call):
    try:
        call()
    except openai.APIStatusError as failure:
        return [type(failure).__name__, failure.status_code, failure.param]
    return "none"


def errors():
    return {
        "tools": error(
            lambda: client.chat.completions.create(
                model=model,
                messages=user("Hello"),
                tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
            )
        ),
        "streamed": error(
            lambda: list(client.chat.completions.create(model=model, messages=user("Hello"), n=2, stream=True))
        ),
        "tokens": error(lambda: client.embeddings.create(model="any", input=[1, 2, 3])),
        "model": error(lambda: client.models.retrieve("none/such")),
        "path": error(lambda: client.images.generate(model="any", prompt="A heron")),
        "audio": error(lambda: client.audio.transcriptions.create(model="any", file=("a.wav", b"no audio"))),
        "refused": error(lambda: client.chat.completions.create(model=model, messages=user("Refuse"))),
        "away": error(lambda: client.audio.speech.create(model="any", voice="alloy", input="Fail.")),
    }


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "chat": chat(),
                "streamed": streamed(),
                "conversation": conversation(),
                "together": asyncio.run(together()),
                "cancelled": cancelled(),
                "embeddings": embeddings(),
                "speech": speech(),
                "transcriptions": transcriptions(),
                "models": models(),
                "errors": errors(),
            }
        )
    )
