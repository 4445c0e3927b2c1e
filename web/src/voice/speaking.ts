import { useEffect, useRef, useState } from "preact/hooks";
import { describe } from "../api/http";
import type { HandsFree } from "./handsfree";
import { record, type Recording } from "./recorder";
import type { useVoiceTurns } from "./turns";

type Turns = Pick<ReturnType<typeof useVoiceTurns>, "say" | "interrupt" | "sound" | "player">;

/** The microphone, while a button is held or hands free; it is let go of with the page. */
export function useSpeaking({ say, interrupt, sound, player }: Turns) {
  const [listening, setListening] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [handsFree, setHandsFree] = useState<"off" | "loading" | "on">("off");
  const recording = useRef<Promise<Recording> | undefined>(undefined);
  const detector = useRef<HandsFree | undefined>(undefined);
  const left = useRef(false);

  const begin = () => {
    if (recording.current || handsFree !== "off") {
      return;
    }
    setProblem(undefined);
    void sound().wake();
    interrupt();
    setListening(true);
    recording.current = record();
    recording.current.catch((failure) => {
      recording.current = undefined;
      setListening(false);
      setProblem(reason(failure));
    });
  };
  const end = async () => {
    const made = recording.current;
    recording.current = undefined;
    if (!made) {
      return;
    }
    setListening(false);
    const audio = await made.then((recorded) => recorded.stop(), () => undefined);
    if (audio) {
      void say(audio);
    } else {
      setProblem("Hold the button while you speak.");
    }
  };
  const toggle = async () => {
    if (detector.current) {
      detector.current.stop();
      detector.current = undefined;
      setListening(false);
      setHandsFree("off");
      return;
    }
    setProblem(undefined);
    setHandsFree("loading");
    void sound().wake();
    try {
      const { listen } = await import("./handsfree");
      const begun = await listen(() => player.current?.loudest ?? 0, {
        onSound: () => {
          player.current?.pause();
          setListening(true);
        },
        onSpeech: interrupt,
        onNoise: () => {
          void player.current?.wake();
          setListening(false);
        },
        onUtterance: (audio) => {
          setListening(false);
          void say(audio);
        },
      });
      if (left.current) {
        begun.stop();
        return;
      }
      detector.current = begun;
      setHandsFree("on");
    } catch (failure) {
      setHandsFree("off");
      setProblem(reason(failure));
    }
  };
  useEffect(
    () => () => {
      left.current = true;
      detector.current?.stop();
      recording.current?.then((begun) => begun.discard(), () => undefined);
    },
    [],
  );
  useSpaceBar(begin, end);

  return { listening, problem, handsFree, begin, end, toggle };
}

/** The space bar does what the button does, except where it means something else. */
function useSpaceBar(begin: () => void, end: () => Promise<void>): void {
  const acts = useRef({ begin, end });
  acts.current = { begin, end };
  useEffect(() => {
    const own = (event: KeyboardEvent) => event.code === "Space" && !(event.target as Element).closest("input, textarea, select, a, summary, button:not(.hold)");
    const down = (event: KeyboardEvent) => {
      if (own(event)) {
        event.preventDefault();
        if (!event.repeat) {
          acts.current.begin();
        }
      }
    };
    const up = (event: KeyboardEvent) => {
      if (own(event)) {
        event.preventDefault();
        void acts.current.end();
      }
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
    };
  }, []);
}

function reason(failure: unknown): string {
  if (failure instanceof DOMException && failure.name === "NotAllowedError") {
    return "The browser does not let this page use the microphone. Allow it beside the address, then try again.";
  }
  if (failure instanceof DOMException && failure.name === "NotFoundError") {
    return "No microphone was found.";
  }
  return describe(failure);
}
