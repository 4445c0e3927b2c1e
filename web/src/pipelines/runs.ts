import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { serverEvents } from "../api/events";
import { ApiError, call, json } from "../api/http";
import { FINAL, type RunStatus } from "./types";

const KEY = "runs";
const KEPT = 30;
const PAUSE_MS = 2000;

export interface Run {
  id: string;
  pipeline: string;
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
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    [change],
  );

  useEffect(() => {
    localStorage.setItem(KEY, JSON.stringify(runs.slice(0, KEPT).map(({ id, pipeline }) => ({ id, pipeline }))));
    runs.forEach((run) => void follow(run.id));
  }, [runs.length, follow]);
  useEffect(() => () => followed.current.forEach((away) => away.abort()), []);

  const start = async (pipeline: string, parameters: Record<string, unknown>, engine?: string) => {
    const id = crypto.randomUUID();
    await call(`/api/pipelines/${pipeline}/runs`, json("POST", { request_id: id, parameters, ...(engine && { engine }) }));
    setRuns((before) => [{ id, pipeline }, ...before]);
  };
  const stop = async (id: string) => {
    await call(`/api/runs/${id}`, { method: "DELETE" });
  };
  return { runs, start, stop };
}

function remembered(): Run[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}
