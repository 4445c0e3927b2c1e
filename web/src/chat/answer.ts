import type { FinalResponse, Source, TurnEvent } from "../api/types";

/** What is known of an answer so far. */
export interface Answer {
  requestId: string;
  attempt: number;
  text: string;
  thought: string;
  sources: Source[];
  stopped: boolean;
  response?: FinalResponse;
  failure?: string;
}

export function begin(requestId: string): Answer {
  return { requestId, attempt: -1, text: "", thought: "", sources: [], stopped: false };
}

/** The answer after one more event; only its highest attempt counts. */
export function after(answer: Answer, event: TurnEvent): Answer {
  if (event.kind === "response") {
    const { response } = event;
    return {
      ...answer,
      response,
      text: response.response ?? answer.text,
      sources: response.sources ?? answer.sources,
      stopped: response.finish_reason === "cancelled",
      failure: response.success ? undefined : (response.error?.message ?? "The request failed"),
    };
  }
  const { chunk } = event;
  if (chunk.attempt < answer.attempt) {
    return answer;
  }
  const now = chunk.attempt > answer.attempt || chunk.type === "start" ? { ...begin(answer.requestId), attempt: chunk.attempt } : answer;
  switch (chunk.type) {
    case "token":
      return { ...now, text: now.text + (chunk.content ?? "") };
    case "thought":
      return { ...now, thought: now.thought + (chunk.content ?? "") };
    case "sources":
      return { ...now, sources: chunk.sources ?? [] };
    default:
      return now;
  }
}
