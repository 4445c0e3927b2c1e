import { useState } from "preact/hooks";
import { ApiError, call, get, json } from "../api/http";
import type { ConversationSummary } from "../api/types";
import { go } from "../router";
import { useLoaded } from "../ui/loaded";

interface Props {
  current: string;
  changes: number;
  open: boolean;
  onClose(): void;
  onNew(): void;
}

/** The user's conversations, newest first; one can be renamed and deleted. */
export function Conversations({ current, changes, open, onClose, onNew }: Props) {
  const [list, setList] = useState<ConversationSummary[]>([]);
  const [edited, setEdited] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [next, setNext] = useState<string>();
  const load = (from?: string) =>
    get<{ conversations: ConversationSummary[]; next?: string }>(`/api/conversations${from ? `?from=${encodeURIComponent(from)}` : ""}`).then(
      (found) => {
        setList((before) => [...(from ? before : []), ...found.conversations]);
        setNext(found.next);
        setProblem(undefined);
      },
    );
  const tell = (failure: unknown) => setProblem(failure instanceof ApiError ? failure.message : "The list cannot be loaded");
  useLoaded(load, tell, [changes]);

  const remove = async (conversation: ConversationSummary) => {
    if (!confirm(`Delete “${conversation.title}”? Nothing of it is kept.`)) {
      return;
    }
    try {
      await call(`/api/conversations/${conversation.session_id}`, { method: "DELETE" });
      if (conversation.session_id === current) {
        onNew();
      }
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message : "It could not be deleted");
    }
    await load().catch(tell);
  };

  const rename = async ({ session_id, title }: ConversationSummary, typed: string) => {
    setEdited(undefined);
    const wanted = typed.trim();
    if (!wanted || wanted === title) {
      return;
    }
    try {
      await call(`/api/conversations/${session_id}`, json("PATCH", { title: wanted }));
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message : "It could not be renamed");
      return;
    }
    await load().catch(tell);
  };

  return (
    <aside class={open ? "conversations open" : "conversations"} aria-label="Conversations">
      <button type="button" class="primary" onClick={onNew}>
        New conversation
      </button>
      {problem && (
        <p class="note warning" role="alert">
          {problem}
        </p>
      )}
      <ul>
        {list.map((conversation) => {
          const id = conversation.session_id;
          const { title } = conversation;
          return (
            <li key={id} class={id === current ? "current" : undefined}>
              {edited === id ? (
                <input
                  aria-label="Title"
                  defaultValue={title}
                  maxLength={200}
                  ref={(field) => field?.focus()}
                  onBlur={(event) => void rename(conversation, event.currentTarget.value)}
                  onKeyDown={(event) => {
                    if (event.key === "Enter") {
                      event.currentTarget.blur();
                    } else if (event.key === "Escape") {
                      event.currentTarget.value = title;
                      event.currentTarget.blur();
                    }
                  }}
                />
              ) : (
                <button
                  type="button"
                  class="open-conversation"
                  aria-current={id === current ? "true" : undefined}
                  onClick={() => {
                    go("chat", id);
                    onClose();
                  }}
                >
                  {title}
                </button>
              )}
              <button type="button" class="icon" aria-label={`Rename ${title}`} onClick={() => setEdited(id)}>
                ✎
              </button>
              <button type="button" class="icon" aria-label={`Delete ${title}`} onClick={() => void remove(conversation)}>
                ✕
              </button>
            </li>
          );
        })}
      </ul>
      {next && (
        <button type="button" class="quiet" onClick={() => void load(next).catch(tell)}>
          Older ones
        </button>
      )}
      {!list.length && !problem && <p class="hint">Conversations appear here.</p>}
    </aside>
  );
}
