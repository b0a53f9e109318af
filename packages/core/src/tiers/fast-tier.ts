import { systemClock } from '../clock.ts';
import { DelayQueue } from '../execution/delay-queue.ts';
import type { Store, StoredRecord, StoreOptions } from '../store.ts';

const restMs = 1_000;

/** One faster store of a stack. It is never the reason why a call fails, or is slow: its faults are
 * misses, and after one it is left alone for a while. */
export class FastTier {
  readonly store: Store;
  readonly #maxAgeMs: number;
  readonly #timeouts: DelayQueue;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(store: Store, maxAgeMs: number, timeoutMs: number) {
    this.store = store;
    this.#maxAgeMs = maxAgeMs;
    this.#timeouts = new DelayQueue(systemClock, timeoutMs);
  }

  /** The completed record, if it is here. */
  async find(id: string, request: StoreOptions | undefined): Promise<StoredRecord | undefined> {
    if (systemClock.now() < this.#restsUntil) return undefined;
    const found = await this.#quietly(this.store.get(id, request));
    return found?.status === 'completed' ? found : undefined;
  }

  async fill(record: StoredRecord, leftMs: number): Promise<void> {
    if (systemClock.now() < this.#restsUntil) return;
    await this.#quietly(this.store.fill!(record, Math.min(this.#maxAgeMs, leftMs)));
  }

  /** Leaves the tier alone until everything that is in it now has passed its greatest age. */
  distrust(): void {
    this.#restsUntil = systemClock.now() + this.#maxAgeMs;
  }

  /** Also asked of a tier that rests: what is deleted must not be found when it is back. */
  async forget(id: string): Promise<void> {
    await this.#quietly(this.store.delete(id));
  }

  async #quietly<T>(answer: Promise<T>): Promise<T | undefined> {
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
    const timeout = this.#timeouts.add(() => {
      this.#rest();
      resolve(undefined);
    });
    try {
      return await Promise.race([answer, tooLate]);
    } catch {
      this.#rest();
      return undefined;
    } finally {
      this.#timeouts.remove(timeout);
    }
  }

  #rest(): void {
    this.#restsUntil = Math.max(this.#restsUntil, systemClock.now() + restMs);
  }
}
