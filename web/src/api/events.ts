export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** Server-sent events as they arrive; see the WHATWG's HTML standard, section 9.2. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      waiting += value;
      const blocks = waiting.split("\n\n");
      waiting = blocks.pop()!;
      for (const block of blocks) {
        const event = parse(block);
        if (event.data) {
          yield event;
        }
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): ServerEvent {
  const event: ServerEvent = { id: "", event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "data") {
      event.data += value;
    } else if (field === "id" || field === "event") {
      event[field] = value;
    }
  }
  return event;
}
