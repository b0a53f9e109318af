import { setTimeout as sleep } from 'node:timers/promises';
import { type AdoptionCall, type ForeignClaim, IdempotencyError } from '@twiceproof/core';
import type { PowertoolsOptions } from './adoption-options.ts';
import { claimExpiration, resultExpiration } from './expiration.ts';
import { pythonText } from './identity/python-text.ts';
import type { OldClaim, OldTable } from './tables/old-table.ts';

/** Two beats may fail, and the third still comes while the lease lasts. */
const beatsPerLease = 4;
const longestBeatMs = 86_400_000;
const firstRetryMs = 50;
const longestRetryMs = 1_000;
/** How long a result is tried to be written. */
const completionMs = 10_000;

/** An old record that was claimed along with ours, and is kept as long as ours. */
export class ClaimedRecord<Args extends readonly unknown[]> implements ForeignClaim {
  readonly #table: OldTable;
  readonly #language: PowertoolsOptions['language'];
  readonly #call: AdoptionCall<Args>;
  readonly #claim: OldClaim;
  readonly #expiresAfterSeconds: number;
  #beat: NodeJS.Timeout | undefined;
  /** Renewals do not overtake what ends the claim. */
  #renewal: Promise<void> = Promise.resolve();
  #isLost = false;

  constructor(
    table: OldTable,
    { language }: Pick<PowertoolsOptions<Args>, 'language'>,
    call: AdoptionCall<Args>,
    claim: OldClaim,
    expiresAfterSeconds: number,
  ) {
    this.#table = table;
    this.#language = language;
    this.#call = call;
    this.#claim = claim;
    this.#expiresAfterSeconds = expiresAfterSeconds;
    if (!call.heartbeat) return;
    const beat = (): void => {
      this.#renewal = this.#renewal.then(() => this.#renew());
    };
    // Node would beat every millisecond at intervals that are longer than its timers.
    const beatMs = Math.min(Math.max(1, call.leaseMs / beatsPerLease), longestBeatMs);
    this.#beat = setInterval(beat, beatMs);
    this.#beat.unref();
  }

  async complete(value: unknown): Promise<void> {
    this.leave();
    await this.#renewal;
    const expiration = resultExpiration(Date.now(), this.#expiresAfterSeconds);
    const isMine = await this.#write(
      (data) => this.#table.complete({ claim: this.#claim, expiration, data }),
      this.#language === 'python' ? pythonResultText(value) : value,
    );
    if (!isMine) throw lost(this.#call.recordId, this.#claim.id);
  }

  async release(): Promise<void> {
    this.leave();
    await this.#renewal;
    try {
      await this.#table.release(this.#claim);
    } catch {
      // Its lease ends by itself.
    }
  }

  leave(): void {
    clearInterval(this.#beat);
  }

  async #renew(): Promise<void> {
    if (this.#isLost) return;
    try {
      const now = Date.now();
      const { leaseMs } = this.#call;
      const inProgressExpiration = Math.ceil(now + leaseMs);
      const expiration = claimExpiration(now, this.#expiresAfterSeconds, leaseMs);
      const renewed = { ...this.#claim, expiration, inProgressExpiration };
      if (await this.#table.renew(renewed)) return;
      this.#isLost = true;
      this.leave();
      this.#call.onLost();
    } catch {
      // The next beat is the next try.
    }
  }

  /** The effect has happened, so what cannot be written costs the result, and what stays away costs time. */
  async #write(write: (data: unknown) => Promise<boolean>, data: unknown): Promise<boolean> {
    const endsAt = Date.now() + completionMs;
    let kept = data;
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
      try {
        return await write(kept);
      } catch (error) {
        if ((error as Error)?.name === 'ValidationException' && kept === data) {
          kept = this.#language === 'python' ? 'null' : undefined;
          continue;
        }
        if (Date.now() >= endsAt) throw error;
        await sleep(retryMs);
      }
    }
  }
}

/** A result as Python reads it, with what JSON makes of what it does not have. */
function pythonResultText(value: unknown): string {
  for (const plain of [() => value, () => JSON.parse(JSON.stringify(value))]) {
    try {
      return pythonText(plain());
    } catch {
      // The next one is plainer.
    }
  }
  return 'null';
}

function lost(recordId: string, oldId: string): IdempotencyError {
  const message = `${recordId}: ${oldId} of Powertools was taken over while the function ran; call again to get the outcome that counts`;
  return new IdempotencyError('LEASE_LOST', message, { recordId });
}
