import { useEffect, useState } from "preact/hooks";
import { ApiError, call, get } from "../api/http";
import type { Me } from "../api/types";

const RETRY_MS = 3000;

/** Who is asking, whether the gateway is there, and the way to log in. */
export function Status() {
  const [me, setMe] = useState<Me>();
  const [away, setAway] = useState(false);
  const [loggedOut, setLoggedOut] = useState(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    let checked = -RETRY_MS;
    const back = () => {
      setAway(false);
      if (gone) {
        gone = false;
        window.dispatchEvent(new Event("gateway-back"));
      }
    };
    const check = async () => {
      timer = undefined;
      checked = performance.now();
      try {
        setMe(await get<Me>("/api/me"));
        setLoggedOut(false);
        back();
      } catch (problem) {
        gone = !(problem instanceof ApiError) || problem.problem.retryable;
        setAway(gone);
        if (gone) {
          timer ??= setTimeout(check, RETRY_MS);
        }
      }
    };
    // what has just failed is loaded again once the gateway answers, also where it never was away for long
    const doubt = () => {
      gone = true;
      timer ??= setTimeout(check, performance.now() - checked < RETRY_MS ? RETRY_MS : 0);
    };
    const out = () => setLoggedOut(true);
    window.addEventListener("gateway-away", doubt);
    window.addEventListener("online", doubt);
    window.addEventListener("offline", doubt);
    window.addEventListener("logged-out", out);
    void check();
    return () => {
      clearTimeout(timer);
      window.removeEventListener("gateway-away", doubt);
      window.removeEventListener("online", doubt);
      window.removeEventListener("offline", doubt);
      window.removeEventListener("logged-out", out);
    };
  }, []);

  return (
    <div class="status" role="status">
      {away && <span class="warning">Gateway away, trying again…</span>}
      {loggedOut && (
        <a class="button" href={`/auth/login?return_to=${encodeURIComponent("/" + location.hash)}`}>
          Log in
        </a>
      )}
      {me && !loggedOut && <span class="who" title={me.groups.length ? `Groups: ${me.groups.join(", ")}` : undefined}>{me.user_id}</span>}
      {me?.expires_at && !loggedOut && (
        <button type="button" class="quiet" onClick={() => void logOut()}>
          Log out
        </button>
      )}
    </div>
  );
}

async function logOut(): Promise<void> {
  const { location: next } = await (await call("/auth/logout", { method: "POST" })).json();
  location.assign(next);
}
