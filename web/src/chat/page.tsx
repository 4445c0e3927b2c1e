import { useCallback, useRef, useState } from "preact/hooks";
import { get } from "../api/http";
import type { Collection } from "../api/types";
import { go } from "../router";
import { useLoaded } from "../ui/loaded";
import { Composer } from "./composer";
import { useConversation } from "./conversation";
import { Conversations } from "./conversations";
import { Thread } from "./thread";

/** Asks the documents; without a session in the address a new conversation begins. */
export function ChatPage({ session }: { session?: string }) {
  const [fresh, setFresh] = useState(() => crypto.randomUUID() as string);
  const [changes, setChanges] = useState(0);
  const [open, setOpen] = useState(false);
  const id = session ?? fresh;
  const answered = useCallback(() => setChanges((before) => before + 1), []);
  const conversation = useConversation(id, answered);
  const collections = useCollections();
  const [collection, setCollection] = useState<string>();
  const [draft, setDraft] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const chosen = collection ?? (collections.some(({ name }) => name === "documents") || !collections.length ? "documents" : collections[0]!.name);

  const begin = () => {
    setFresh(crypto.randomUUID());
    go("chat");
    setOpen(false);
    field.current?.focus();
  };
  const send = (question: string) => {
    conversation.ask(question, chosen);
    if (!session) {
      go("chat", id);
    }
  };
  const edit = useCallback((question: string) => {
    setDraft(question);
    field.current?.focus();
  }, []);

  return (
    <div class="chat">
      <Conversations current={id} changes={changes} open={open} onClose={() => setOpen(false)} onNew={begin} />
      <section class="conversation" aria-label="Conversation">
        {conversation.turns.length > 0 && <h1 class="unseen">Chat</h1>}
        <div class="tools">
          <button type="button" class="quiet only-narrow" aria-expanded={open} onClick={() => setOpen(!open)}>
            ☰ Conversations
          </button>
          <label class="collection">
            <span>Ask</span>
            <select value={chosen} onChange={(event) => setCollection(event.currentTarget.value)}>
              {(collections.length ? collections : [{ name: "documents", documents: 0 }]).map(({ name, documents }) => (
                <option key={name} value={name}>
                  {documents ? `${name} (${documents})` : name}
                </option>
              ))}
              <option value="">no documents, the model alone</option>
            </select>
          </label>
        </div>
        {conversation.problem && (
          <p class="note warning" role="alert">
            {conversation.problem}
          </p>
        )}
        <Thread turns={conversation.turns} running={conversation.running} onEdit={edit} onExample={send} />
        <Composer field={field} draft={draft} onDraft={setDraft} running={conversation.running} onSend={send} onStop={conversation.stop} />
      </section>
    </div>
  );
}

function useCollections(): Collection[] {
  const [collections, setCollections] = useState<Collection[]>([]);
  useLoaded(() => get<{ collections: Collection[] }>("/api/collections").then((found) => setCollections(found.collections)));
  return collections;
}
