import { serverEvents } from "../api/events";
import { ApiError, call } from "../api/http";
import { FINAL, type RunStatus } from "./types";

const PAUSE_MS = 2000;

/** A browser opens six connections to a gateway, and no more. */
const MOST_LIVE = 2;
let live = 0;

/**
 * The statuses of a run to its end, over connections that break.
 *
 * @throws ApiError where the gateway knows nothing of it
 */
export async function* statuses(id: string): AsyncGenerator<RunStatus> {
  for (;;) {
    try {
      for await (const status of live < MOST_LIVE ? told(id) : asked(id)) {
        yield status;
        if (FINAL.includes(status.status)) {
          return;
        }
      }
    } catch (failure) {
      if (failure instanceof ApiError && !failure.problem.retryable) {
        throw failure;
      }
      window.dispatchEvent(new Event("gateway-away"));
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function* told(id: string): AsyncGenerator<RunStatus> {
  live++;
  try {
    const events = await call(`/api/runs/${id}/events`, { headers: { Accept: "text/event-stream" } });
    for await (const { data } of serverEvents(events.body!)) {
      yield JSON.parse(data);
    }
  } finally {
    live--;
  }
}

async function* asked(id: string): AsyncGenerator<RunStatus> {
  yield (await call(`/api/runs/${id}`)).json();
}
