"""Chat on NATS, in asyncio: what the platform would run without Camel, and the peer in ./dev bench turns.

It keeps the promises of config/asyncapi.yaml that a turn's way touches: a request is acknowledged only after its answer is stored and its
conversation saved, copies of a request generate once (the bucket "turns"), every write is idempotent, and long work is reported as in
progress. Cancels, deadlines and degraded answers are left out.
"""

import asyncio
import json
import logging
import os
import re
import time
from datetime import datetime, timezone

import aiohttp
import msgpack
import nats
import redis.asyncio
import uvloop
from nats.errors import TimeoutError
from nats.js.errors import KeyWrongLastSequenceError
from pymilvus import AsyncMilvusClient

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
SYSTEM = "You are a helpful assistant. Answer briefly and truthfully."
FROM_SOURCES = "\nAnswer the question from the numbered sources below and cite the ones you use like [1]. If they do not say, say so."
INSTRUCTION = "Represent this sentence for searching relevant passages: "
FIELDS = ("document", "title", "text")
RERANKED = 20
MAX_DELIVERIES = 5


class Invalid(Exception):
    """A request that can never be answered."""


class Chat:
    def __init__(self, env, js, turns, http, valkey, milvus):
        self.env, self.js, self.turns, self.http, self.valkey, self.milvus = env, js, turns, http, valkey, milvus
        self.in_work = {}

    async def work(self):
        """One of the workers: a message at a time, so that no more is fetched than can be worked on."""
        messages = await self.js.pull_subscribe_bind("chat-handler", "AI_CHAT")
        while True:
            try:
                [message] = await messages.fetch(1, timeout=30)
            except TimeoutError:
                continue
            self.in_work[message.reply] = message
            try:
                await self.answer(message)
                await message.ack()
            except Exception as failure:
                await self.refuse(message, failure)
            finally:
                del self.in_work[message.reply]

    async def heartbeat(self):
        while True:
            await asyncio.sleep(10)
            for message in list(self.in_work.values()):
                await message.in_progress()

    async def refuse(self, message, failure):
        logging.warning("delivery %d of a request failed: %r", message.metadata.num_delivered, failure)
        if isinstance(failure, Invalid) or message.metadata.num_delivered >= MAX_DELIVERIES:
            await self.js.publish("ai.dlq.chat", message.data, headers={"Dlq-Reason": type(failure).__name__})
            await message.term()
        else:
            await message.nak(delay=5)

    async def answer(self, message):
        request = read(message.data)
        request_id, user = request["request_id"], message.subject.split(".")[3]
        session = request.get("session_id", user)
        owner = message.metadata.sequence.stream
        claim = await self.claim(request_id, owner)
        if claim is None:
            return
        revision, attempt, answer = claim
        stream = Stream(self.js, request_id, attempt, request.get("enable_streaming", True))
        if answer is None:
            await stream.send("start")
            answer = await self.generate(request, user, session, stream)
            recorded = {"owner": owner, "attempt": attempt, "answer": answer}
            await self.turns.update(request_id, msgpack.packb(recorded), last=revision)
        await self.save(user, session, message.metadata.timestamp.timestamp(), request, answer)
        await stream.send("done", finish_reason=answer["finish_reason"])
        await stream.flush()
        answer["timestamp"] = datetime.now(timezone.utc).isoformat()
        subject = f"ai.chat.response.{request_id}"
        await self.js.publish(subject, msgpack.packb(answer), headers={"Nats-Msg-Id": subject})

    async def claim(self, request_id, owner):
        """Revision, attempt and the answer where there is one already; None where another message owns the request."""
        first = {"owner": owner, "attempt": 1, "answer": None}
        try:
            return await self.turns.create(request_id, msgpack.packb(first)), 1, None
        except KeyWrongLastSequenceError:
            found = await self.turns.get(request_id)
            entry = msgpack.unpackb(found.value)
            if entry["owner"] != owner:
                return None
            entry["attempt"] += 1
            revision = await self.turns.update(request_id, msgpack.packb(entry), last=found.revision)
            return revision, entry["attempt"], entry["answer"]

    async def generate(self, request, user, session, stream):
        began = time.monotonic()
        system, sources = SYSTEM, []
        past = await self.valkey.zrange(f"conversation:{user}:{session}", -10, -1)
        if request.get("enable_rag", True):
            sources = await self.retrieve(request, user)
            await stream.send("sources", sources=sources)
            system += FROM_SOURCES + "".join(f"\n\n[{s['n']}] {s['title']}\n{s['text']}" for s in sources)
        messages = [{"role": "system", "content": system}]
        for turn in map(json.loads, past):
            messages.append({"role": "user", "content": turn["question"]})
            messages.append({"role": "assistant", "content": turn["answer"]})
        messages.append({"role": "user", "content": request["message"]})
        text, finish_reason, model, usage = await self.complete(messages, stream)
        return {
            "request_id": request["request_id"],
            "user_id": user,
            "session_id": session,
            "success": True,
            "response": text,
            "used_rag": bool(sources),
            "sources": sources,
            "model": model,
            "finish_reason": finish_reason,
            "usage": usage,
            "degraded": [],
            "timings_ms": {"queue": 0, "total": int((time.monotonic() - began) * 1000)},
        }

    async def complete(self, messages, stream):
        body = {"model": "any", "messages": messages, "stream": True, "stream_options": {"include_usage": True}}
        tokens, finish_reason, model, usage = [], None, "", {}
        async with self.http.post(f"{self.env['VLLM_URL']}/chat/completions", json=body) as response:
            async for line in response.content:
                if not line.startswith(b"data: {"):
                    continue
                event = json.loads(line[6:])
                model, usage = event["model"], event.get("usage") or usage
                for choice in event["choices"]:
                    if token := choice["delta"].get("content"):
                        tokens.append(token)
                        await stream.send("token", content=token)
                    finish_reason = choice.get("finish_reason") or finish_reason
        if finish_reason is None:
            raise ConnectionError("the model's stream ended before the answer")
        usage = {name: usage[name] for name in ("prompt_tokens", "completion_tokens")}
        return "".join(tokens), finish_reason, model, usage

    async def retrieve(self, request, user):
        question, top_k = request["message"], request.get("top_k", 5)
        body = {"model": "BAAI/bge-small-en-v1.5", "input": [INSTRUCTION + question], "encoding_format": "float"}
        async with self.http.post(f"{self.env['EMBEDDINGS_URL']}/v1/embeddings", json=body) as response:
            vector = (await response.json())["data"][0]["embedding"]
        [found] = await self.milvus.search(
            request.get("collection", "documents"), data=[vector], anns_field="dense", limit=max(RERANKED, top_k),
            search_params={"metric_type": "COSINE"}, output_fields=[*FIELDS, "chunk", "$meta"],
            filter=f"ARRAY_CONTAINS_ANY(readers, {json.dumps(['public', 'user:' + user])})",
        )
        first = [hit["entity"] for hit in found[:RERANKED]]
        body = {"model": "any", "query": question, "documents": [hit["text"] for hit in first], "top_n": len(first)}
        async with self.http.post(f"{self.env['RERANKER_URL']}/v1/rerank", json=body) as response:
            order = sorted((await response.json())["results"], key=lambda result: -result["relevance_score"])
        sources = []
        for n, result in enumerate(order[:top_k], 1):
            hit = first[result["index"]]
            source = {"n": n, "id": found[result["index"]]["id"], "score": result["relevance_score"]}
            sources.append(source | {field: hit[field] for field in FIELDS})
            if metadata := {name: value for name, value in hit.items() if name not in (*FIELDS, "chunk")}:
                sources[-1]["metadata"] = metadata
        return sources

    async def save(self, user, session, arrived, request, answer):
        """The same turn again is the same member of the sorted set, so that a redelivery adds nothing."""
        key = f"conversation:{user}:{session}"
        turn = {"request_id": request["request_id"], "question": request["message"], "answer": answer["response"]}
        async with self.valkey.pipeline(transaction=True) as commands:
            commands.zadd(key, {json.dumps(turn): arrived}).zremrangebyrank(key, 0, -51).expire(key, 30 * 86400)
            await commands.execute()


class Stream:
    """The chunks of one answer: each leaves at once, all are awaited at the end."""

    def __init__(self, js, request_id, attempt, enabled):
        self.js, self.request_id, self.attempt, self.enabled = js, request_id, attempt, enabled
        self.seq = 0
        self.stored = []

    async def send(self, kind, **fields):
        if self.enabled:
            chunk = {"request_id": self.request_id, "attempt": self.attempt, "seq": self.seq, "type": kind, **fields}
            message_id = {"Nats-Msg-Id": f"{self.request_id}.{self.attempt}.{self.seq}"}
            subject = f"ai.chat.response.stream.{self.request_id}"
            self.stored.append(await self.js.publish_async(subject, msgpack.packb(chunk), headers=message_id))
            self.seq += 1

    async def flush(self):
        await asyncio.wait_for(asyncio.gather(*self.stored), 5)


def read(payload):
    try:
        request = msgpack.unpackb(payload)
    except Exception as failure:
        raise Invalid("not MessagePack") from failure
    if not isinstance(request, dict):
        raise Invalid("not a map")
    for name in ("request_id", "session_id"):
        value = request.get(name, "absent")
        if not (isinstance(value, str) and TOKEN.fullmatch(value)):
            raise Invalid(name)
    if not (isinstance(request.get("message"), str) and 1 <= len(request["message"]) <= 32768):
        raise Invalid("message")
    for name in ("enable_rag", "enable_reranker", "enable_streaming"):
        if not isinstance(request.get(name, True), bool):
            raise Invalid(name)
    if not (isinstance(request.get("top_k", 5), int) and 1 <= request.get("top_k", 5) <= 50):
        raise Invalid("top_k")
    return request


async def main():
    env, workers = os.environ, int(os.environ["CHAT_WORKERS"])
    nc = await nats.connect(env["NATS_URL"], max_reconnect_attempts=-1)
    js = nc.jetstream()
    valkey = redis.asyncio.from_url(env["VALKEY_URL"], decode_responses=True)
    milvus = AsyncMilvusClient(f"http://{env['MILVUS_HOST']}:{env['MILVUS_PORT']}") if "MILVUS_HOST" in env else None
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        chat = Chat(env, js, await js.key_value("turns"), http, valkey, milvus)
        print("ready", flush=True)
        await asyncio.gather(chat.heartbeat(), *(chat.work() for _ in range(workers)))


if __name__ == "__main__":
    uvloop.run(main())
