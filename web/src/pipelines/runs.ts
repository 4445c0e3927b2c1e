import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { serverEvents } from "../api/events";
import { ApiError, call, json } from "../api/http";
import type { NamedFile } from "./files";
import { FINAL, type RunStatus, UPLOAD } from "./types";

const KEY = "runs";
const KEPT = 30;
const PAUSE_MS = 2000;
const AT_ONCE = 2;
const LIVE = 2;

export interface Run {
  id: string;
  pipeline: string;
  /** Of a file that was sent: its name. */
  file?: string;
  /** Not sent yet. */
  waits?: boolean;
  status?: RunStatus;
  problem?: string;
}

/** The runs that this browser has started, newest first, each followed to its end. */
export function useRuns() {
  const [runs, setRuns] = useState<Run[]>(remembered);
  const followed = useRef(new Map<string, AbortController>());
  const live = useRef(0);

  const change = useCallback((id: string, news: Partial<Run>) => setRuns((before) => before.map((run) => (run.id === id ? { ...run, ...news } : run))), []);

  const follow = useCallback(
    async (id: string) => {
      if (followed.current.has(id)) {
        return;
      }
      const away = new AbortController();
      followed.current.set(id, away);
      while (!away.signal.aborted) {
        try {
          for await (const status of statuses(id, away.signal, live)) {
            change(id, { status });
            if (FINAL.includes(status.status)) {
              return;
            }
          }
        } catch (failure) {
          if (failure instanceof ApiError && !failure.problem.retryable) {
            change(id, { problem: failure.status === 404 ? "Nothing is known of it any more" : failure.message });
            return;
          }
          if (!away.signal.aborted) {
            window.dispatchEvent(new Event("gateway-away"));
          }
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    [change],
  );

  const sent = runs.filter((run) => !run.waits);
  useEffect(() => {
    localStorage.setItem(KEY, JSON.stringify(sent.slice(0, KEPT).map(({ id, pipeline, file }) => ({ id, pipeline, file }))));
    sent.forEach((run) => !run.problem && void follow(run.id));
  }, [sent.length, follow]);
  useEffect(() => () => followed.current.forEach((away) => away.abort()), []);

  const start = async (pipeline: string, parameters: Record<string, unknown>, engine?: string) => {
    const id = crypto.randomUUID();
    setRuns((before) => [{ id, pipeline, waits: true }, ...before]);
    try {
      await send(() => call(`/api/pipelines/${pipeline}/runs`, json("POST", { request_id: id, parameters, ...(engine && { engine }) })));
      change(id, { waits: false });
    } catch (failure) {
      setRuns((before) => before.filter((run) => run.id !== id));
      throw failure;
    }
  };
  const upload = (files: NamedFile[], collection: string, readers: string) => {
    const news = files.map((file) => ({ ...file, id: crypto.randomUUID() as string }));
    setRuns((before) => [...news.map(({ id, name }) => ({ id, pipeline: UPLOAD, file: name, waits: true })), ...before]);
    const sendThem = async () => {
      for (let next = news.shift(); next; next = news.shift()) {
        const { id, name, file } = next;
        await sendFile(id, file, name, collection, readers).then(
          () => change(id, { waits: false }),
          (failure) => change(id, { waits: false, problem: failure instanceof Error ? failure.message : String(failure) }),
        );
      }
    };
    for (let i = 0; i < AT_ONCE; i++) {
      void sendThem();
    }
  };
  const stop = async (id: string) => {
    await call(`/api/runs/${id}`, { method: "DELETE" });
  };
  return { runs, start, upload, stop };
}

/** What a run says as it says it, or of the further ones what it said last: a browser opens six connections to a gateway, and no more. */
async function* statuses(id: string, signal: AbortSignal, live: { current: number }): AsyncGenerator<RunStatus> {
  if (live.current >= LIVE) {
    yield (await call(`/api/runs/${id}`, { signal })).json();
    return;
  }
  live.current++;
  try {
    const events = await call(`/api/runs/${id}/events`, { signal, headers: { Accept: "text/event-stream" } });
    for await (const { data } of serverEvents(events.body!)) {
      yield JSON.parse(data);
    }
  } finally {
    live.current--;
  }
}

async function sendFile(id: string, file: File, name: string, collection: string, readers: string): Promise<void> {
  const form = new FormData();
  form.set("request_id", id);
  form.set("readers", readers);
  form.set("file", file, name);
  await send(
    () => call(`/api/collections/${encodeURIComponent(collection)}/documents`, { method: "POST", body: form }),
    // a file that was changed since cannot be read, and never will be
    () => file.slice(0, 1).arrayBuffer(),
  );
}

/** Until it is answered: the gateway keeps what it has answered, and the same id again begins nothing anew. */
async function send(request: () => Promise<unknown>, check?: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await request();
      return;
    } catch (failure) {
      if (failure instanceof ApiError && (!failure.problem.retryable || failure.status === 429)) {
        throw failure;
      }
      await check?.();
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function remembered(): Run[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}
