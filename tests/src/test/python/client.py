"""A client that knows the contract and nothing of the product: nats-py and msgpack.

Reads requests as JSON lines, sends each on the subject that config/asyncapi.yaml names, and prints what came back
as one JSON line: {"response": ..., "chunks": [...]}.
"""

import asyncio
import json
import sys

import msgpack
import nats


async def ask(connection, addresses, user, request):
    arrived = asyncio.Queue()
    at = lambda channel: addresses[channel].format(user_id=user, request_id=request["request_id"])
    subscriptions = [
        await connection.subscribe(at("chatResponses"), cb=arrived.put),
        await connection.subscribe(at("chatStream"), cb=arrived.put),
    ]
    await connection.flush()
    await connection.jetstream().publish(at("chatRequests"), msgpack.packb(request))
    chunks = []
    while True:
        message = await asyncio.wait_for(arrived.get(), 30)
        content = msgpack.unpackb(message.data)
        if message.subject == at("chatResponses"):
            for subscription in subscriptions:
                await subscription.unsubscribe()
            return {"response": content, "chunks": chunks}
        chunks.append(content)


async def main(url, addresses, user):
    connection = await nats.connect(url)
    for line in sys.stdin:
        print(json.dumps(await ask(connection, addresses, user, json.loads(line))), flush=True)
    await connection.drain()


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))
