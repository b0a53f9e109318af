import {
  durationMs,
  type Idempotency,
  type IdempotencyRecord,
  type Instrumentation,
  isIdempotencyError,
  type Settled,
  type Wrapped,
} from '@twiceproof/core';
import { invalidOption, systemClock } from '@twiceproof/core/toolkit';
import type { WebhookOptions } from './options.ts';

/** What is kept of a delivery until its event is done. */
interface Delivery<Event> {
  readonly event: Event;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** Does an event, and answers whether it need not be done again. */
type Take<Event> = (event: Event, request: Request) => Promise<boolean>;

/**
 * Events that are acknowledged before they are done. Each is kept as the result of an operation of its
 * own, `<operation>.received`, until it is done. What a crash has interrupted, and what has failed, is
 * found there and done again.
 */
export class Inbox<Event> {
  readonly #options: WebhookOptions<Event>;
  readonly #operation: string;
  readonly #receive: Wrapped<
    unknown,
    [event: Event, request: Request, delivery: Delivery<Event>],
    Delivery<Event>
  >;
  readonly #take: Take<Event>;
  /** For what is done and noted as one: a process that ends waits for both. */
  readonly #together: Wrapped<unknown, [work: () => Promise<boolean>], boolean>;
  readonly #everyMs: number;
  #cancel: (() => void) | undefined;
  #recovery: Promise<number> | undefined;
  #isStopped = false;

  constructor(options: WebhookOptions<Event>, take: Take<Event>) {
    const { idempotency, operation, key, scope, run, recoverEvery = '1m' } = options;
    if (/(^|-)memory$/.test(idempotency.storeName)) {
      throw invalidOption(
        "mode 'after-ack' needs a store that survives a crash, and this one is in memory; give another one, or leave mode out",
      );
    }
    this.#options = options;
    this.#operation = `${operation}.received`;
    this.#take = take;
    this.#everyMs = durationMs(recoverEvery, 'recoverEvery');
    this.#receive = idempotency.wrap(
      async (_event: Event, _request: Request, delivery: Delivery<Event>) => delivery,
      {
        operation: this.#operation,
        key,
        inProgress: 'wait',
        // Acknowledged, it comes from nowhere else any more, however long its handler fails.
        retention: false,
        ...(scope === undefined ? {} : { scope }),
        ...(run === undefined ? {} : { run }),
      },
    );
    this.#together = undividedIn(idempotency, this.#operation);
    this.#schedule(0);
  }

  /** Resolves when the event cannot be lost any more; it is done in the background. Undefined if it is
   * not kept, as one that is too large, and so has to be done before it is acknowledged. */
  async accept(
    event: Event,
    request: Request,
    body: Uint8Array,
  ): Promise<Settled<unknown> | undefined> {
    const delivery = { event, url: request.url, headers: [...request.headers], body };
    const settled = await this.#receive.settled(event, request, delivery);
    if ('error' in settled) {
      return isIdempotencyError(settled.error, 'RESULT_OMITTED') ? undefined : settled;
    }
    if (!(await this.#isKept(settled, body))) return undefined;
    this.#do(settled.record?.id, event, request).catch((error) => {
      if (!isIdempotencyError(error, 'CLOSED')) console.error(error);
    });
    return settled;
  }

  /** Does what is left of earlier deliveries; answers how many events were done. */
  recover(): Promise<number> {
    this.#recovery ??= this.#recover().finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  /** Looks for nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  /** Only what is stored in fewer bytes than the body has needs to be looked at. */
  async #isKept({ record }: Settled<unknown>, body: Uint8Array): Promise<boolean> {
    if (!record) return false;
    if ((record.outcomeBytes ?? 0) > body.byteLength) return true;
    return (await this.#kept(record.id)) !== undefined;
  }

  async #kept(id: string): Promise<Delivery<Event> | undefined> {
    try {
      return (await this.#options.idempotency.records.result(id)) as Delivery<Event>;
    } catch (error) {
      // Too large, or done by another instance and gone.
      if (isIdempotencyError(error, 'RESULT_OMITTED')) return undefined;
      if (isIdempotencyError(error, 'OPTIONS_INVALID')) return undefined;
      throw error;
    }
  }

  async #recover(): Promise<number> {
    const { records } = this.#options.idempotency;
    let done = 0;
    let cursor: string | undefined;
    do {
      const page = await records.list({ operation: this.#operation, status: 'completed', cursor });
      for (const record of page.records) {
        if (this.#isStopped) return done;
        const { id } = record;
        try {
          if (await this.#doAgain(record)) done += 1;
        } catch (error) {
          if (isOfTheStore(error)) throw error;
          // One that cannot be read must not keep the others.
          console.error(`Twiceproof: an earlier event could not be done (${id}).`, error);
        }
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return done;
  }

  async #doAgain({ id, version }: IdempotencyRecord): Promise<boolean> {
    const delivery = await this.#kept(id);
    if (!delivery) {
      // Done before it was acknowledged, or to be delivered again.
      await this.#options.idempotency.records.delete(id, { version });
      return false;
    }
    const { event, url, headers, body } = delivery;
    const request = new Request(url, {
      method: 'POST',
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: new Uint8Array(body),
    });
    return this.#do(id, event, request);
  }

  #do(id: string | undefined, event: Event, request: Request): Promise<boolean> {
    return this.#together(async () => {
      const isDone = await this.#take(event, request);
      // Left there, it would be done again once the record that says so has expired.
      if (isDone && id !== undefined) await this.#options.idempotency.records.delete(id);
      return isDone;
    });
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped) return;
    const look = async (): Promise<void> => {
      try {
        await this.recover();
      } catch (error) {
        if (isIdempotencyError(error, 'CLOSED')) return;
        console.error('Twiceproof: what is left of earlier events could not be looked for.', error);
      }
      this.#schedule(this.#everyMs);
    };
    // What is left can wait for another process.
    this.#cancel = systemClock.schedule(afterMs, () => void look(), true);
  }
}

/** Runs work that is no call of anybody's as a part of the deployment, and tells nobody of it. */
function undividedIn(
  idempotency: Idempotency,
  operation: string,
): Wrapped<unknown, [work: () => Promise<boolean>], boolean> {
  const instrumentation: Instrumentation = { execute: (_call, next) => next() };
  return idempotency.extend({ instrumentation }).wrap((work: () => Promise<boolean>) => work(), {
    operation,
    key: () => undefined,
    missingKey: 'execute',
    maxDuration: false,
  });
}

/** Nothing else could be done either. */
function isOfTheStore(error: unknown): boolean {
  return isIdempotencyError(error, 'STORE_UNAVAILABLE') || isIdempotencyError(error, 'CLOSED');
}
