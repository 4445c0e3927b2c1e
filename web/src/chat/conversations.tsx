import { useEffect, useRef, useState } from "preact/hooks";
import { call, describe, get, json } from "../api/http";
import type { ConversationSummary } from "../api/types";
import { go } from "../router";
import { Icon } from "../ui/icons";
import { useLoaded } from "../ui/loaded";
import { ConversationItem } from "./conversation-item";

interface Props {
  current: string;
  changes: number;
  /** Where there is little room: whether it is shown. */
  open: boolean;
  onClose(): void;
  onNew(): void;
}

/** The user's conversations, newest first; one can be renamed and deleted. */
export function Conversations({ current, changes, open, onClose, onNew }: Props) {
  const [list, setList] = useState<ConversationSummary[]>();
  const [problem, setProblem] = useState<string>();
  const [next, setNext] = useState<string>();
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    if (open) {
      sheet.current!.querySelector<HTMLElement>(".primary")!.focus();
    }
  }, [open]);
  const load = async (from?: string) => {
    const found = await get<{ conversations: ConversationSummary[]; next?: string }>(`/api/conversations${from ? `?from=${encodeURIComponent(from)}` : ""}`);
    setList((before = []) => [...(from ? before : []), ...found.conversations]);
    setNext(found.next);
    setProblem(undefined);
  };
  const tell = (failure: unknown) => setProblem(describe(failure));
  useLoaded(load, tell, [changes]);

  const remove = async ({ session_id, title }: ConversationSummary) => {
    if (!confirm(`Delete “${title}”? Nothing of it is kept.`)) {
      return;
    }
    await call(`/api/conversations/${session_id}`, { method: "DELETE" });
    if (session_id === current) {
      onNew();
    }
    await load();
  };
  const rename = async ({ session_id }: ConversationSummary, title: string) => {
    await call(`/api/conversations/${session_id}`, json("PATCH", { title }));
    await load();
  };

  return (
    <>
      {open && <div class="backdrop" onClick={onClose} />}
      <aside
        ref={sheet}
        class={open ? "conversations open" : "conversations"}
        aria-label="Conversations"
        onKeyDown={(event) => open && event.key === "Escape" && onClose()}
      >
        <div class="sheet-title">
          <b>Conversations</b>
          <button type="button" class="icon" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <button type="button" class="primary" onClick={onNew}>
          New conversation
        </button>
        {problem && (
          <p class="note warning" role="alert">
            {problem}
          </p>
        )}
        <ul>
          {list?.map((conversation) => (
            <ConversationItem
              key={conversation.session_id}
              title={conversation.title}
              current={conversation.session_id === current}
              onOpen={() => {
                go("chat", conversation.session_id);
                onClose();
              }}
              onRename={(title) => void rename(conversation, title).catch(tell)}
              onRemove={() => void remove(conversation).catch(tell)}
            />
          ))}
        </ul>
        {next && (
          <button type="button" class="quiet" onClick={() => void load(next).catch(tell)}>
            Older ones
          </button>
        )}
        {!list && !problem && <p class="hint">Loading…</p>}
        {list?.length === 0 && !problem && <p class="hint">Conversations appear here.</p>}
      </aside>
    </>
  );
}
