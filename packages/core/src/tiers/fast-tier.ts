import type { Clock } from '../clock.ts';
import { DelayQueue } from '../execution/delay-queue.ts';
import type { Store, StoredRecord, StoreOptions } from '../store.ts';
import { withinDelay } from './within-delay.ts';

const restMs = 1_000;

/** One faster store of a stack. It is never the reason why a call fails, or is slow: its faults are
 * misses, and after one it is left alone for a while. */
export class FastTier {
  readonly store: Store;
  readonly #maxAgeMs: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #timeouts: DelayQueue;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(store: Store, maxAgeMs: number, timeoutMs: number, clock: Clock) {
    this.store = store;
    this.#maxAgeMs = maxAgeMs;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#timeouts = new DelayQueue(clock, timeoutMs);
  }

  /** The completed record, if it is here. */
  async find(id: string, request: StoreOptions | undefined): Promise<StoredRecord | undefined> {
    if (this.#rests) return undefined;
    const found = await this.#quietly(() => this.store.get(id, request));
    return found?.status === 'completed' ? found : undefined;
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
    await this.#quietly(async () => {
      const askedAt = this.#clock.now();
      await this.store.fill!(record, ttlMs);
      // Its time counts from when it got there, which may be late: a process may stop in between.
      const isLate = this.#clock.now() - askedAt >= this.#timeoutMs;
      // Nobody may have waited for a copy that took so long.
      if (isLate || isOutdated()) await this.store.delete(record.id);
    });
  }

  /** Leaves the tier alone until everything that is in it now has passed its greatest age. */
  distrust(): void {
    this.#restsUntil = this.#clock.now() + this.#maxAgeMs;
  }

  /** Also asked of a tier that rests: what is deleted must not be found when it is back. */
  async forget(id: string): Promise<void> {
    await this.#quietly(() => this.store.delete(id));
  }

  get #rests(): boolean {
    return this.#clock.now() < this.#restsUntil;
  }

  #quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
    return withinDelay(this.#timeouts, ask, this.#rest);
  }

  readonly #rest = (): void => {
    this.#restsUntil = Math.max(this.#restsUntil, this.#clock.now() + restMs);
  };
}
