import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { ChatPage } from "./chat/page";
import { type Place, usePlace } from "./router";
import { useLoaded } from "./ui/loaded";
import { Status } from "./ui/status";

const PAGES: { page: Place["page"]; name: string }[] = [
  { page: "chat", name: "Chat" },
  { page: "voice", name: "Voice" },
  { page: "pipelines", name: "Pipelines" },
];

export function App() {
  const place = usePlace();
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <header class="bar">
        <span class="brand">
          <img src="icon.svg" alt="" width="24" height="24" /> llm-routes
        </span>
        <nav aria-label="Pages">
          {PAGES.map(({ page, name }) => (
            <a key={page} href={`#/${page}`} aria-current={place.page === page ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <Status />
      </header>
      <main id="main" tabIndex={-1}>
        {place.page === "chat" && <ChatPage session={place.id} />}
        {place.page === "voice" && <Later load={() => import("./voice/page").then((page) => page.VoicePage)} />}
        {place.page === "pipelines" && <Later load={() => import("./pipelines/page").then((page) => page.PipelinesPage)} name={place.id} />}
      </main>
    </>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** A page that is loaded when it is opened. */
function Later<P extends object>({ load, ...props }: { load: () => Promise<ComponentType<P>> } & P) {
  const [page, setPage] = useState<{ component: ComponentType<P> }>();
  const [failed, setFailed] = useState(false);
  useLoaded(
    async () => setPage({ component: await load() }),
    () => {
      setFailed(true);
      window.dispatchEvent(new Event("gateway-away"));
    },
  );
  if (page) {
    return <page.component {...(props as unknown as P)} />;
  }
  return failed ? <p class="empty" role="alert">This page could not be loaded yet. Reload it where that lasts.</p> : <p class="empty">Loading…</p>;
}
