/** Plays an answer's sentences one after another, and knows how far the listener has heard. */
export class Player {
  readonly sound: AnalyserNode;
  private readonly context: AudioContext;
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
