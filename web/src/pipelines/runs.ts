import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { serverEvents } from "../api/events";
import { ApiError, call, json } from "../api/http";
import type { NamedFile } from "./files";
import { FINAL, type RunStatus, UPLOAD } from "./types";

const KEY = "runs";
const KEPT = 30;
const PAUSE_MS = 2000;
const AT_ONCE = 2;

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
          const events = await call(`/api/runs/${id}/events`, { signal: away.signal, headers: { Accept: "text/event-stream" } });
          for await (const { data } of serverEvents(events.body!)) {
            const status = JSON.parse(data) as RunStatus;
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
        }
        if (!away.signal.aborted) {
          window.dispatchEvent(new Event("gateway-away"));
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
    await call(`/api/pipelines/${pipeline}/runs`, json("POST", { request_id: id, parameters, ...(engine && { engine }) }));
    setRuns((before) => [{ id, pipeline }, ...before]);
  };
  const upload = (files: NamedFile[], collection: string, readers: string) => {
    const news = files.map((file) => ({ ...file, id: crypto.randomUUID() as string }));
    setRuns((before) => [...news.map(({ id, name }) => ({ id, pipeline: UPLOAD, file: name, waits: true })), ...before]);
    const send = async () => {
      for (let next = news.shift(); next; next = news.shift()) {
        const { id, name, file } = next;
        await sendFile(id, file, name, collection, readers).then(
          () => change(id, { waits: false }),
          (failure) => change(id, { waits: false, problem: failure instanceof Error ? failure.message : String(failure) }),
        );
      }
    };
    for (let i = 0; i < AT_ONCE; i++) {
      void send();
    }
  };
  const stop = async (id: string) => {
    await call(`/api/runs/${id}`, { method: "DELETE" });
  };
  return { runs, start, upload, stop };
}

/** Once it is answered the file is kept by the gateway; the same id again begins nothing anew. */
async function sendFile(id: string, file: File, name: string, collection: string, readers: string): Promise<void> {
  const form = new FormData();
  form.set("request_id", id);
  form.set("readers", readers);
  form.set("file", file, name);
  for (;;) {
    try {
      await call(`/api/collections/${encodeURIComponent(collection)}/documents`, { method: "POST", body: form });
      return;
    } catch (failure) {
      if (failure instanceof ApiError && (!failure.problem.retryable || failure.status === 429)) {
        throw failure;
      }
      // a file that was changed since cannot be read, and never will be
      await file.slice(0, 1).arrayBuffer();
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
