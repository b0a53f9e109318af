import type { Clock } from '../clock.ts';
import { DelayQueues } from '../execution/delay-queue.ts';
import type { Store, StoredRecord, StoreOptions } from '../store.ts';
import { within } from '../within.ts';

const restMs = 1_000;

/** One faster store of a stack. It is never the reason why a call fails, or is slow: its faults are
 * misses, and after one it is left alone for a while. */
export class FastTier {
  readonly store: Store;
  readonly #maxAgeMs: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #timeouts: DelayQueues;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(store: Store, maxAgeMs: number, timeoutMs: number, clock: Clock) {
    this.store = store;
    this.#maxAgeMs = maxAgeMs;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#timeouts = new DelayQueues(clock);
  }

  /** The completed record, if it is here. */
  async find(id: string, request: StoreOptions | undefined): Promise<StoredRecord | undefined> {
    if (this.#rests) return undefined;
    try {
      const found = await this.#inTime(this.store.get(id, request));
      return found?.status === 'completed' ? found : undefined;
    } catch {
      return this.#rest();
    }
  }

  /** Takes a copy that is `ageMs` old for at most `leftMs`, unless it is outdated when it is here. */
  async fill(
    record: StoredRecord,
    ageMs: number,
    leftMs: number,
    isOutdated: () => boolean,
  ): Promise<void> {
    const ttlMs = Math.min(this.#maxAgeMs - ageMs, leftMs);
    const { maxRecordBytes } = this.store.limits;
    if (this.#rests || ttlMs <= 0 || (record.outcome?.byteLength ?? 0) > maxRecordBytes) return;
    await this.#inTime(this.#put(record, ttlMs, isOutdated)).catch(this.#rest);
  }

  async #put(record: StoredRecord, ttlMs: number, isOutdated: () => boolean): Promise<void> {
    const askedAt = this.#clock.now();
    await this.store.fill!(record, ttlMs);
    // Its time counts from when it got there, which may be late: a process may stop in between.
    const isLate = this.#clock.now() - askedAt >= this.#timeoutMs;
    // Nobody may have waited for a copy that took so long.
    if (isLate || isOutdated()) await this.store.delete(record.id);
  }

  /** Leaves the tier alone until everything that is in it now has passed its greatest age. */
  distrust(): void {
    this.#restsUntil = this.#clock.now() + this.#maxAgeMs;
  }

  /** Also asked of a tier that rests: what is deleted must not be found when it is back. */
  async forget(id: string): Promise<void> {
    try {
      await this.#inTime(this.store.delete(id));
    } catch {
      this.#rest();
    }
  }

  get #rests(): boolean {
    return this.#clock.now() < this.#restsUntil;
  }

  #inTime<T>(answer: Promise<T>): Promise<T | undefined> {
    return within(answer, this.#timeoutMs, this.#rest, this.#timeouts);
  }

  readonly #rest = (): undefined => {
    this.#restsUntil = Math.max(this.#restsUntil, this.#clock.now() + restMs);
  };
}
