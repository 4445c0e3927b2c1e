const SHOWN_MS = 1500;

/** Copies, and says so in the button for a moment. */
export async function copy(text: string, button: Element): Promise<void> {
  await navigator.clipboard.writeText(text);
  const words = button.firstChild as Text;
  words.data = "Copied";
  setTimeout(() => (words.data = "Copy"), SHOWN_MS);
}
