import { level } from "../echo";

export const SHAPES = ["aa", "ih", "ou", "ee", "oh"] as const;
export type Mouth = Record<(typeof SHAPES)[number], number>;

export const REST: Mouth = { aa: 0, ih: 0, ou: 0, ee: 0, oh: 0 };

// Where the first two formants of each vowel lie, in Hz: G. Peterson, H. Barney, Control Methods Used in a Study of the Vowels, 1952.
const VOWELS: Record<keyof Mouth, [number, number]> = { aa: [750, 1200], ih: [400, 2000], ou: [320, 900], ee: [290, 2400], oh: [530, 900] };

const QUIET = 0.012;
const LOUD = 0.12;

/** The shape of a mouth that would make the sound that plays just now. */
export function mouthOf(sound: AnalyserNode, wave: Float32Array<ArrayBuffer>, bands: Uint8Array<ArrayBuffer>): Mouth {
  sound.getFloatTimeDomainData(wave);
  const open = Math.min(1, Math.max(0, (level(wave) - QUIET) / (LOUD - QUIET)));
  if (open === 0) {
    return REST;
  }
  sound.getByteFrequencyData(bands);
  const width = sound.context.sampleRate / 2 / bands.length;
  const first = peak(bands, 220, 850, width);
  const second = peak(bands, 850, 2700, width);
  const mouth = { ...REST };
  let sum = 0;
  for (const shape of SHAPES) {
    const [f1, f2] = VOWELS[shape];
    const far = ((first - f1) / 250) ** 2 + ((second - f2) / 600) ** 2;
    mouth[shape] = Math.exp(-far);
    sum += mouth[shape];
  }
  for (const shape of SHAPES) {
    mouth[shape] = sum > 0.01 ? (mouth[shape] / sum) * open : shape === "aa" ? open : 0;
  }
  return mouth;
}

function peak(bands: Uint8Array, from: number, to: number, width: number): number {
  let best = Math.floor(from / width);
  for (let band = best; band * width < to && band < bands.length; band++) {
    if (bands[band]! > bands[best]!) {
      best = band;
    }
  }
  return best * width;
}
