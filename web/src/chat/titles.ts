import type { ConversationSummary } from "../api/types";

// Titles that the reader gave, in this browser; a conversation's own title is its first question.
const KEY = "titles";

export function titleOf({ session_id, title }: ConversationSummary): string {
  return given()[session_id] ?? title;
}

export function rename(session: string, title: string): void {
  const { [session]: _, ...others } = given();
  localStorage.setItem(KEY, JSON.stringify(title.trim() ? { ...others, [session]: title.trim().slice(0, 200) } : others));
}

function given(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
