import { serverEvents } from "./events";
import { ApiError, call, json } from "./http";
import type { FinalResponse, TurnEvent } from "./types";

const LONGEST_PAUSE_MS = 8000;

/** Asks and follows the answer to its end, over connections that break. */
export function ask(path: string, request: RequestInit, requestId: string, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  return follow(requestId, signal, { path, request });
}

/** The answer to a request that was sent before, from its beginning. */
export function resume(requestId: string, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  return follow(requestId, signal);
}

/** Stops a request, and says how much of the answer was heard. */
export async function cancel(requestId: string, spokenUntil?: number): Promise<void> {
  await call(`/api/requests/${requestId}`, json("DELETE", spokenUntil === undefined ? {} : { spoken_until: spokenUntil }));
}

async function* follow(requestId: string, signal: AbortSignal, first?: { path: string; request: RequestInit }): AsyncGenerator<TurnEvent> {
  let last = "";
  let pause = 250;
  let asking = first;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (last) {
        headers["Last-Event-ID"] = last;
      }
      const answer = asking
        ? await call(asking.path, { ...asking.request, signal, headers: { ...headers, ...(asking.request.headers as Record<string, string>) } })
        : await call(`/api/requests/${requestId}/events`, { signal, headers });
      asking = undefined;
      for await (const event of serverEvents(answer.body!)) {
        pause = 250;
        last = event.id || last;
        if (event.event === "response") {
          yield { kind: "response", response: JSON.parse(event.data) as FinalResponse };
          return;
        }
        yield { kind: "chunk", chunk: JSON.parse(event.data) };
      }
    } catch (problem) {
      if (signal.aborted || (problem instanceof ApiError && !problem.problem.retryable)) {
        throw problem;
      }
      window.dispatchEvent(new Event("gateway-away"));
      // the same request_id again never generates a second answer
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}
