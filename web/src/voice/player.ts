import { level } from "./echo";

// samples: the most that an analyser keeps, and some 20 ms of them
const RECENT = 32768;
const PART = 1024;

/** Plays an answer's sentences one after another, and knows how far the listener has heard. */
export class Player {
  readonly sound: AnalyserNode;
  private readonly context: AudioContext;
  private readonly recent: AnalyserNode;
  private readonly wave = new Float32Array(RECENT);
  private queue: Promise<void> = Promise.resolve();
  private heard = 0;
  private pieces: { from: number; to: number; begins: number; lasts: number; source: AudioBufferSourceNode }[] = [];
  private generation = 0;

  /** @param onChange told whenever sound begins or ends */
  constructor(private readonly onChange: () => void) {
    this.context = new AudioContext();
    this.sound = this.context.createAnalyser();
    this.sound.fftSize = 1024;
    this.sound.smoothingTimeConstant = 0.4;
    this.recent = this.context.createAnalyser();
    this.recent.fftSize = RECENT;
    this.sound.connect(this.recent);
    this.sound.connect(this.context.destination);
  }

  /** Goes on; first to be called from a gesture of the user, as browsers demand. */
  async wake(): Promise<void> {
    await this.context.resume();
  }

  /** Silence at once, until it is known whether somebody interrupts. */
  pause(): void {
    if (this.playing) {
      void this.context.suspend();
    }
  }

  get playing(): boolean {
    return this.pieces.length > 0;
  }

  /** Whether it can be heard just now. */
  get audible(): boolean {
    return this.playing && this.context.state === "running";
  }

  /** How loud it was at most in the last half second or more, 0 to 1; nothing while it is silent. */
  get loudest(): number {
    if (!this.audible) {
      return 0;
    }
    this.recent.getFloatTimeDomainData(this.wave);
    let most = 0;
    for (let at = 0; at < this.wave.length; at += PART) {
      most = Math.max(most, level(this.wave.subarray(at, at + PART)));
    }
    return most;
  }

  /** Characters of the answer that were played. */
  get spokenUntil(): number {
    const piece = this.pieces[0];
    if (!piece) {
      return this.heard;
    }
    const share = Math.min(1, Math.max(0, (this.context.currentTime - piece.begins) / piece.lasts));
    return Math.round(piece.from + (piece.to - piece.from) * share);
  }

  /** A new answer begins; what is left of another one is not played. */
  reset(): void {
    this.generation++;
    for (const { source } of this.pieces) {
      source.onended = null;
      source.stop();
    }
    this.pieces = [];
    this.heard = 0;
    this.queue = Promise.resolve();
    void this.context.resume();
    this.onChange();
  }

  /**
   * @param audio a whole file
   * @param end the offset in the answer that it reaches, in characters
   */
  add(audio: ArrayBuffer, end: number): void {
    const generation = this.generation;
    this.queue = this.queue.then(async () => {
      const sentence = await this.context.decodeAudioData(audio).catch(() => undefined);
      if (sentence && generation === this.generation) {
        this.play(sentence, end);
      }
    });
  }

  private play(sentence: AudioBuffer, end: number): void {
    const last = this.pieces.at(-1);
    const begins = Math.max(this.context.currentTime + 0.02, last ? last.begins + last.lasts : 0);
    const source = this.context.createBufferSource();
    source.buffer = sentence;
    source.connect(this.sound);
    source.onended = () => {
      this.heard = this.pieces.shift()!.to;
      this.onChange();
    };
    source.start(begins);
    this.pieces.push({ from: last ? last.to : this.heard, to: end, begins, lasts: sentence.duration, source });
    this.onChange();
  }

  async close(): Promise<void> {
    this.reset();
    await this.context.close();
  }
}
