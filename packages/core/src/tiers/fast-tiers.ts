import type { StoredRecord, StoreOptions } from '../store.ts';
import type { FastTier } from './fast-tier.ts';
import { RecentInvalidations } from './recent-invalidations.ts';

/** Copies of one record on their way into tiers. */
interface Filling {
  readonly fence: number;
  readonly done: Promise<unknown>;
}

/** A moment before a record was read, to tell later what happened to it since, and how old it is. */
export interface Mark {
  readonly change: number;
  /** By a clock that nobody sets back. */
  readonly at: number;
  readonly epoch: number;
  readonly isListening: boolean;
}

/** The faster stores of a stack, fastest first: what they hold are copies, which may be forgotten. */
export class FastTiers {
  readonly #tiers: readonly FastTier[];
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #isListening: () => boolean;
  readonly #invalidated = new RecentInvalidations();
  readonly #filling = new Map<string, Filling>();

  /** While `isListening` says no, changes made by others may be missed, and nothing here is trusted. */
  constructor(
    tiers: readonly FastTier[],
    now: () => number,
    monotonic: () => number,
    isListening: () => boolean,
  ) {
    this.#tiers = tiers;
    this.#now = now;
    this.#monotonic = monotonic;
    this.#isListening = isListening;
  }

  mark(): Mark {
    return {
      change: this.#invalidated.mark(),
      at: this.#monotonic(),
      epoch: this.#now(),
      isListening: this.#isListening(),
    };
  }

  async find(id: string, request: StoreOptions | undefined): Promise<StoredRecord | undefined> {
    if (!this.#isListening()) return undefined;
    for (let index = 0; index < this.#tiers.length; index++) {
      const tier = this.#tiers[index]!;
      const mark = this.mark();
      const found = await tier.find(id, request);
      const isHit = found !== undefined && !this.#invalidated.since(id, mark.change);
      request?.onTierLookup?.(tier.store.name, isHit);
      if (!isHit) continue;
      if (index > 0) this.#fill(found, index, mark);
      return found;
    }
    return undefined;
  }

  /** Copies a completed record, read from the authority after `mark`, into every tier. */
  fill(record: StoredRecord, mark: Mark): void {
    this.#fill(record, this.#tiers.length, mark);
  }

  /** Forgets a record that changed, whatever is on its way into a tier. */
  async forget(id: string): Promise<void> {
    this.#invalidated.add(id);
    // A copy that is under way would put back what is deleted here.
    await this.#filling.get(id)?.done;
    await Promise.all(this.#tiers.map((tier) => tier.forget(id)));
  }

  /** For changes that may have been missed. */
  distrust(): void {
    for (const tier of this.#tiers) tier.distrust();
  }

  #fill(record: StoredRecord, count: number, mark: Mark): void {
    if (!mark.isListening || !this.#isListening()) return;
    const { id, fence, expiresAt } = record;
    // It is as old as the question to which it was the answer: a process may stop in between, and its wall
    // clock be set back meanwhile.
    const ageMs = Math.ceil(Math.max(this.#monotonic() - mark.at, this.#now() - mark.epoch));
    const now = mark.epoch + ageMs;
    const leftMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - now;
    const isOutdated = (): boolean => this.#invalidated.since(id, mark.change);
    const earlier = this.#filling.get(id);
    if (earlier?.fence === fence || isOutdated()) return;
    const fills: Promise<unknown>[] = earlier ? [earlier.done] : [];
    for (let index = 0; index < count; index++) {
      fills.push(this.#tiers[index]!.fill(record, ageMs, leftMs, isOutdated));
    }
    const done = Promise.all(fills).then(() => {
      if (this.#filling.get(id)?.done === done) this.#filling.delete(id);
    });
    this.#filling.set(id, { fence, done });
  }
}
