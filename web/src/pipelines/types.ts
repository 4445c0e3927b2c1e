export interface Schema {
  type?: string;
  description?: string;
  enum?: (string | number)[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
}

export interface Pipeline {
  name: string;
  description: string;
  engines: string[];
  parameters: { properties?: Record<string, Schema>; required?: string[] };
}

export interface RunStatus {
  request_id: string;
  pipeline: string;
  status: string;
  seq: number;
  engine?: string;
  progress?: string;
  message?: string;
  url?: string;
  error?: { code: string; message: string };
  timestamp: string;
}

/** The pipeline behind an upload; only who may run it may upload. */
export const UPLOAD = "document-upload";

export const FINAL = ["succeeded", "failed", "cancelled", "rejected"];
