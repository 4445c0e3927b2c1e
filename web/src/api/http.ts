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

/** The gateway's cookie, where there is one, counts only together with this header. */
const OWN = { "X-Requested-With": "llm-routes" };

/** A call to the gateway. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...init, headers: { ...OWN, ...init.headers } }).catch((failure) => {
    throw init.signal?.aborted ? failure : away();
  });
  return checked(response);
}

/**
 * Posts a form, and tells how much of it has been sent, which fetch cannot.
 *
 * @param onSent is told the share, 0 to 1
 */
export function post(path: string, form: FormData, onSent: (share: number) => void, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open("POST", path);
    Object.entries(OWN).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded, total }) => onSent(loaded / total);
    request.onload = () => resolve(checked(new Response(request.responseText, { status: request.status })));
    request.onerror = () => reject(away());
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function away(): ApiError {
  window.dispatchEvent(new Event("gateway-away"));
  return new ApiError(0, { code: "unavailable", message: "The gateway cannot be reached", retryable: true });
}

async function checked(response: Response): Promise<Response> {
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

/** What went wrong, for people. */
export function describe(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
