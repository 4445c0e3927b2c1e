import { useCallback, useRef, useState } from "preact/hooks";
import { go } from "../router";
import { useCollections } from "../ui/collections";
import { Icon } from "../ui/icons";
import { useTitle } from "../ui/title";
import { Composer } from "./composer";
import { useConversation } from "./conversation";
import { Conversations } from "./conversations";
import { Thread } from "./thread";

/** Asks the documents; without a session in the address a new conversation begins. */
export function ChatPage({ session }: { session?: string }) {
  const [fresh, setFresh] = useState(() => crypto.randomUUID() as string);
  const [changes, setChanges] = useState(0);
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const id = session ?? fresh;
  const answered = useCallback(() => setChanges((before) => before + 1), []);
  const conversation = useConversation(id, answered);
  const collections = useCollections();
  const [collection, setCollection] = useState<string>();
  const [draft, setDraft] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useTitle("Chat", conversation.running ? "Answering…" : undefined);
  const chosen = collection ?? (collections.some(({ name }) => name === "documents") || !collections.length ? "documents" : collections[0]!.name);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const begin = () => {
    setFresh(crypto.randomUUID());
    go("chat");
    setOpen(false);
    field.current?.focus();
  };
  const { ask } = conversation;
  const send = useCallback(
    (question: string, instead?: string) => {
      ask(question, chosen, instead);
      go("chat", id);
    },
    [ask, chosen, id],
  );
  const edit = useCallback((question: string) => {
    setDraft(question);
    field.current?.focus();
  }, []);

  return (
    <div class="chat">
      <Conversations current={id} changes={changes} open={open} onClose={close} onNew={begin} />
      <section class="conversation" aria-label="Conversation" onKeyDown={(event) => event.key === "Escape" && conversation.running && conversation.stop()}>
        {conversation.turns.length > 0 && <h1 class="unseen">Chat</h1>}
        <div class="tools">
          <button ref={opener} type="button" class="quiet only-narrow" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="menu" /> Conversations
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
        <Thread key={id} turns={conversation.turns} running={conversation.running} onEdit={edit} onAsk={send} />
        <Composer field={field} draft={draft} onDraft={setDraft} running={conversation.running} onSend={send} onStop={conversation.stop} />
      </section>
    </div>
  );
}
