"""HTTP in front of NATS, in aiohttp: what the platform would run without the gateway, and the peer in ./dev bench gateway.

http_relay.py NATS_URL PORT

It relays: no identity, no gap that is read again from the streams, no limit, nothing to resume.
"""

import asyncio
import json
import sys
import uuid

import msgpack
import nats
import uvloop
from aiohttp import web


async def chat(request):
    nc, id = request.app["nats"], str(uuid.uuid4())
    asked = await request.json()
    subscription = await nc.subscribe(f"ai.chat.response.stream.{id}")
    try:
        await nc.jetstream().publish("ai.chat.user.local.message", msgpack.packb({**asked, "request_id": id}))
        headers = {"Content-Type": "text/event-stream", "X-Request-Id": id}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        async for message in subscription.messages:
            chunk = msgpack.unpackb(message.data)
            data = json.dumps(chunk, separators=(",", ":"))
            event = f"id: {chunk['attempt']}.{chunk['seq']}\nevent: {chunk['type']}\ndata: {data}\n\n"
            await response.write(event.encode())
            if chunk["type"] in ("done", "error"):
                break
        await response.write_eof()
        return response
    except (asyncio.CancelledError, ConnectionError):
        await nc.publish(f"ai.cancel.{id}", b"")
        raise
    finally:
        await subscription.unsubscribe()


async def socket(request):
    opened = web.WebSocketResponse(heartbeat=30)
    await opened.prepare(request)
    async for _ in opened:
        pass
    return opened


async def health(_request):
    return web.Response()


async def main():
    app = web.Application()
    app["nats"] = await nats.connect(sys.argv[1], max_reconnect_attempts=-1)
    app.add_routes([web.post("/api/chat", chat), web.get("/api/ws", socket), web.get("/health", health)])
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[2]), backlog=4096).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
