// Which answer each conversation waits for, kept in this tab alone, so that a reload in mid-answer goes on with it.

const KEY = "waiting";

type Waiting = Record<string, { requestId: string; message: string }>;

export function waitingIn(session: string): { requestId: string; message: string } | undefined {
  return read()[session];
}

export function wait(session: string, requestId: string, message: string): void {
  write({ ...read(), [session]: { requestId, message } });
}

export function arrived(session: string): void {
  const { [session]: _, ...rest } = read();
  write(rest);
}

function read(): Waiting {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function write(waiting: Waiting): void {
  sessionStorage.setItem(KEY, JSON.stringify(waiting));
}
