"""The independent half of the MessagePack tests: decodes each payload from standard input with the package msgpack, tells what it saw as
text, and encodes it again. Frames are a length of four bytes, big endian, and that many bytes."""

import struct
import sys

import msgpack


def seen(value):
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "f" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode().hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, msgpack.Timestamp):
        return f"t{value.seconds}.{value.nanoseconds}"
    if isinstance(value, list):
        return "[" + ",".join(seen(entry) for entry in value) + "]"
    return "{" + ",".join(f"{seen(key)}:{seen(entry)}" for key, entry in value.items()) + "}"


def write(data):
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)


while header := sys.stdin.buffer.read(4):
    payload = sys.stdin.buffer.read(struct.unpack(">I", header)[0])
    value = msgpack.unpackb(payload, raw=False, timestamp=0)
    write(seen(value).encode())
    write(msgpack.packb(value, use_bin_type=True))
    sys.stdout.buffer.flush()
