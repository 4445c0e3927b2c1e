import { useEffect, useState } from "preact/hooks";
import { get } from "../api/http";
import type { Collection, Me } from "../api/types";
import { useLoaded } from "../ui/loaded";
import { chosen, dropped, type NamedFile } from "./files";

interface Props {
  onFiles(files: NamedFile[], collection: string, readers: string): void;
}

/** Puts files into a collection, by dropping or choosing them. */
export function Upload({ onFiles }: Props) {
  const [collection, setCollection] = useState("documents");
  const [readers, setReaders] = useState("");
  const [collections, setCollections] = useState<Collection[]>([]);
  const [groups, setGroups] = useState<string[]>([]);
  const [over, setOver] = useState(false);
  // until either is there, what is there by default will do
  useLoaded(() => get<{ collections: Collection[] }>("/api/collections").then((found) => setCollections(found.collections)));
  useLoaded(() => get<Me>("/api/me").then((me) => setGroups(me.reads.filter((reader) => reader.startsWith("group:")))));
  useNoOtherDrop();
  const take = (files: NamedFile[]) => onFiles(files, collection, readers);
  const choose = (event: Event & { currentTarget: HTMLInputElement }) => {
    take(chosen(event.currentTarget.files!));
    event.currentTarget.value = "";
  };

  return (
    <section class="upload" aria-labelledby="upload-title">
      <h2 id="upload-title">Add documents</h2>
      <div class="run-form">
        <label>
          <span>collection</span>
          <input list="collections" value={collection} required pattern="[A-Za-z_][A-Za-z0-9_]*" maxLength={64} spellcheck={false} onInput={(event) => setCollection(event.currentTarget.value)} />
          <datalist id="collections">
            {collections.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <label>
          <span>who may read them</span>
          <select value={readers} onChange={(event) => setReaders(event.currentTarget.value)}>
            <option value="">Only me</option>
            {groups.map((group) => (
              <option key={group} value={group}>
                {group.replace("group:", "Group ")}
              </option>
            ))}
            <option value="public">Everybody</option>
          </select>
        </label>
      </div>
      <div
        class={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void dropped(event.dataTransfer!).then(take);
        }}
      >
        <p>Drop files or folders here, or</p>
        <span class="drop-choices">
          <label class="button">
            Choose files…
            <input type="file" multiple class="hidden" onChange={choose} />
          </label>
          <label class="button folder">
            A folder…
            <input type="file" {...{ webkitdirectory: true }} class="hidden" onChange={choose} />
          </label>
        </span>
        <p class="hint">Markdown, HTML, PDF, text, Word, PowerPoint, Excel, CSV and EPUB. A file of the same name is replaced.</p>
      </div>
    </section>
  );
}

/** A file that misses its place is not opened instead of the page. */
function useNoOtherDrop(): void {
  useEffect(() => {
    const stop = (event: Event) => event.preventDefault();
    window.addEventListener("dragover", stop);
    window.addEventListener("drop", stop);
    return () => {
      window.removeEventListener("dragover", stop);
      window.removeEventListener("drop", stop);
    };
  }, []);
}
