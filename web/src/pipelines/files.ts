/** A file with the folders that it was dropped in. */
export interface NamedFile {
  name: string;
  file: File;
}

/** The files that were dropped, those of folders among them, hidden ones not. */
export async function dropped(transfer: DataTransfer): Promise<NamedFile[]> {
  // all of it is gone after the first wait
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return (await Promise.all(items.map(({ entry, file }) => (entry ? filesOf(entry) : file ? [{ name: file.name, file }] : [])))).flat();
}

/** The files that were chosen. */
export function chosen(list: FileList): NamedFile[] {
  return [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file })).filter(({ name }) => !isHidden(name));
}

async function filesOf(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (isHidden(entry.name)) {
    return [];
  }
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: NamedFile[] = [];
  // it gives a part of them at a time
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) {
      return found;
    }
    found.push(...(await Promise.all(part.map(filesOf))).flat());
  }
}

function isHidden(name: string): boolean {
  return name.split("/").some((part) => part.startsWith("."));
}
