// The messages of the contract, as docs/messages.md and config/openapi.yaml have them.

export interface Source {
  n: number;
  document: string;
  title?: string;
  text?: string;
  score?: number;
  page?: number;
  url?: string;
  modified?: string;
}

export interface Problem {
  code: string;
  message: string;
  retryable: boolean;
}

export interface FinalResponse {
  request_id: string;
  session_id: string;
  success: boolean;
  response?: string;
  transcription?: string;
  sources?: Source[];
  sources_truncated?: boolean;
  model?: string;
  finish_reason?: string;
  degraded: string[];
  timings_ms: Record<string, number>;
  error?: Problem;
  timestamp: string;
}

export interface Chunk {
  request_id: string;
  type: string;
  attempt: number;
  seq: number;
  content?: string;
  sources?: Source[];
  transcription?: string;
  audio?: string;
  format?: string;
  text?: string;
  end?: number;
}

export type TurnEvent = { kind: "chunk"; chunk: Chunk } | { kind: "response"; response: FinalResponse };

export interface Me {
  user_id: string;
  groups: string[];
  reads: string[];
  /** What can be asked for here. */
  may: ("chat" | "voice" | "pipelines")[];
  limits: { document_bytes: number };
  /** When the login ends; where there is none, nobody had to log in. */
  expires_at?: string;
}

export interface ConversationSummary {
  session_id: string;
  title: string;
  timestamp: string;
}

export interface StoredTurn {
  request_id: string;
  timestamp: string;
  question: string;
  answer: string;
  cancelled: boolean;
  sources?: Source[];
}

export interface Collection {
  name: string;
  documents: number;
}
