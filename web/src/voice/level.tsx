import { useEffect, useRef } from "preact/hooks";
import type { Player } from "./player";

/** How loud the answer is, where there is no avatar. */
export function Level({ player }: { player: { current?: Player } }) {
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const wave = new Float32Array(1024);
    let frame = 0;
    const draw = () => {
      const sound = player.current?.sound;
      sound?.getFloatTimeDomainData(wave);
      const level = sound ? Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length) : 0;
      bar.current!.value = Math.min(1, level * 6);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return <meter class="level" ref={bar} min={0} max={1} value={0} aria-label="Loudness of the answer" />;
}
