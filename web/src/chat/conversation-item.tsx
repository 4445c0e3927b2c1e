import { useState } from "preact/hooks";
import { Icon } from "../ui/icons";

interface Props {
  title: string;
  current: boolean;
  onOpen(): void;
  onRename(title: string): void;
  onRemove(): void;
}

/** A conversation in the list; its title is edited in its place. */
export function ConversationItem({ title, current, onOpen, onRename, onRemove }: Props) {
  const [edited, setEdited] = useState(false);
  const take = (typed: string) => {
    setEdited(false);
    const wanted = typed.trim();
    if (wanted && wanted !== title) {
      onRename(wanted);
    }
  };
  return (
    <li class={current ? "current" : undefined}>
      {edited ? (
        <input
          aria-label="Title"
          defaultValue={title}
          maxLength={200}
          ref={(field) => field?.focus()}
          onBlur={(event) => take(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation();
              event.currentTarget.value = title;
            }
            if (event.key === "Escape" || event.key === "Enter") {
              event.currentTarget.blur();
            }
          }}
        />
      ) : (
        <button type="button" class="open-conversation" title={title} aria-current={current ? "true" : undefined} onClick={onOpen}>
          {title}
        </button>
      )}
      <button type="button" class="icon" aria-label={`Rename ${title}`} onClick={() => setEdited(true)}>
        <Icon name="edit" />
      </button>
      <button type="button" class="icon" aria-label={`Delete ${title}`} onClick={onRemove}>
        <Icon name="remove" />
      </button>
    </li>
  );
}
