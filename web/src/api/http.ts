import type { Problem } from "./types";

/** What the gateway answered in place of what was asked for. */
export class ApiError extends Error {
  /** @param status 0 where it did not answer */
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** A call to the gateway. Its cookie, where it has one, counts only together with this header. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, {
    ...init,
    headers: { "X-Requested-With": "llm-routes", ...init.headers },
  }).catch((failure) => {
    if (init.signal?.aborted) {
      throw failure;
    }
    window.dispatchEvent(new Event("gateway-away"));
    throw new ApiError(0, { code: "unavailable", message: "The gateway cannot be reached", retryable: true });
  });
  if (response.ok) {
    return response;
  }
  if (response.status === 401) {
    window.dispatchEvent(new Event("logged-out"));
  }
  throw new ApiError(response.status, await problemOf(response));
}

async function problemOf(response: Response): Promise<Problem> {
  const unknown = { code: "internal", message: `The gateway answered ${response.status}`, retryable: response.status >= 500 };
  try {
    return { ...unknown, ...(await response.json()).error };
  } catch {
    return unknown;
  }
}

export async function get<T>(path: string): Promise<T> {
  return (await call(path)).json();
}

export function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
