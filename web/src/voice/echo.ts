const COUPLING = 0.2;

/**
 * Whether what the microphone hears is the page's own voice, as much as the browser's echo cancellation leaves of it:
 * somebody who speaks is louder than a share of what was played shortly before.
 * D. Duttweiler, A Twelve-Channel Digital Echo Canceler, 1978.
 *
 * @param played the loudest level of it
 */
export function isEcho(frame: Float32Array, played: number): boolean {
  return level(frame) < COUPLING * played;
}

/** The root mean square. */
export function level(wave: Float32Array): number {
  return Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length);
}
