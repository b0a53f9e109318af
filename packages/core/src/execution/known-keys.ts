import type { KeptReplay } from './kept-replay.ts';
import type { KeptResult } from './kept-result.ts';

/** A key that came again: it is likely to come once more. */
export interface KnownKey {
  readonly id: string;
  /** How its record answers, once a store of this process has given the same answer twice. */
  kept: KeptReplay | undefined;
  /** What it came with last, where that was text. */
  fingerprint: KnownFingerprint | undefined;
  /** What its record holds, once a store that has to be waited for has given it twice. */
  result: KeptResult | undefined;
}

interface KnownFingerprint {
  readonly text: string;
  readonly digest: string;
}

/**
 * The keys of one operation, run and scope that came again. Those that are text are known by it, unless it is long,
 * and then cost no digest; all others by their record ids. They are kept for as long as a few thousand of them fit, over all
 * operations of a process, and never where a secret says that keys are personal data.
 */
export class KnownKeys {
  readonly #byText = new Map<string, KnownKey>();
  readonly #byId = new Map<string, KnownKey>();
  #isLeft = false;

  ofText(text: string): KnownKey | undefined {
    // To look for it, all of it is read.
    return this.#byText.size === 0 ? undefined : this.#byText.get(text);
  }

  ofId(id: string): KnownKey | undefined {
    return this.#byId.get(id);
  }

  /** `text` is the key, where it is text. */
  add(id: string, text: string | undefined): void {
    if (this.#isLeft || (text !== undefined && text.length > longestText)) return;
    const known = text === undefined ? this.#byId : this.#byText;
    const key = text ?? id;
    if (known.has(key)) return;
    if (count === mostKeys) forgetKnownKeys();
    count++;
    known.set(key, { id, kept: undefined, fingerprint: undefined, result: undefined });
    inUse.add(this);
  }

  /** Nobody is going to ask for them, nor for what calls under way may add: they leave their room to others. */
  leave(): void {
    this.#isLeft = true;
    this.forget();
  }

  forget(): void {
    count -= this.#byText.size + this.#byId.size;
    inUse.delete(this);
    this.#byText.clear();
    this.#byId.clear();
  }
}

const mostKeys = 4_096;
const longestText = 128;

const inUse = new Set<KnownKeys>();
let count = 0;

/** Also what is kept of their records is gone then. */
export function forgetKnownKeys(): void {
  for (const keys of inUse) keys.forget();
}
