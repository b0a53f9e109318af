import { AsyncLocalStorage } from 'node:async_hooks';
import { givenUp, type LineOptions, type Waiting, WaitingLine } from './waiting-line.ts';

/**
 * Group commit: what is asked for in one tick, or while all places for requests are taken, travels as
 * one request. Under load the requests grow by themselves; alone, an item waits for the end of the
 * tick and no longer.
 */
export interface BatchOptions<Item, Answer> extends LineOptions {
  /** Sends items, none of which share a key; answers in their order. */
  readonly send: (items: readonly Item[]) => Promise<readonly Eventually<Answer>[]>;
  /** Items of one key never share a request: a statement cannot touch a row twice. */
  readonly keyOf: (item: Item) => string;
  /** Roughly what an item adds to the request; one that is larger than the limit travels alone. */
  readonly bytesOf?: (item: Item) => number;
  readonly maxRequests: number;
  /** Whether one item may have failed a request of several: they are then sent one by one. */
  readonly isSeparable: (error: unknown) => boolean;
  /** What who finds no room to wait is told. */
  readonly whenFull: () => Error;
}

export type Eventually<Answer> = Answer | PromiseLike<Answer>;

/** `isGivenUp`: whether nobody wants the answer any more; asked before the item is sent. */
export type Batch<Item, Answer> = (item: Item, isGivenUp?: () => boolean) => Promise<Answer>;

// A request of several callers belongs to none of their traces.
const outsideOfAnyCall = AsyncLocalStorage.snapshot();

/** One by one, a request of many items would otherwise take all connections of the pool at once. */
const singlesAtOnce = 4;

export function createBatch<Item, Answer>(
  options: BatchOptions<Item, Answer>,
): Batch<Item, Answer> {
  const { keyOf, bytesOf = () => 0, maxRequests, whenFull } = options;
  const line = new WaitingLine<Item, Answer>(options);
  let requests = 0;
  let isScheduled = false;

  const request = async (taken: readonly Waiting<Item, Answer>[]): Promise<void> => {
    requests += 1;
    try {
      await settle(taken, options);
    } finally {
      requests -= 1;
      line.nextTurn();
      fill();
    }
  };

  const fill = () => {
    while (line.length > 0 && requests < maxRequests) {
      const taken = line.take();
      if (taken.length > 0) void outsideOfAnyCall(() => request(taken));
    }
  };

  const onTick = () => {
    isScheduled = false;
    // Alone, the request still belongs to the call that made it: this runs in its context.
    if (line.length === 1 && requests < maxRequests) {
      const taken = line.take();
      if (taken.length > 0) void request(taken);
    } else fill();
    line.nextTurn();
  };

  return (item, isGivenUp) =>
    new Promise((resolve, reject) => {
      const [key, bytes] = [keyOf(item), bytesOf(item)];
      const waiting = { item, key, bytes, resolve, reject, isGivenUp, next: undefined, turn: 0 };
      if (!line.add(waiting)) return reject(whenFull());
      if (isScheduled || requests >= maxRequests) return;
      isScheduled = true;
      setImmediate(onTick);
    });
}

async function settle<Item, Answer>(
  taken: readonly Waiting<Item, Answer>[],
  { send, isSeparable }: BatchOptions<Item, Answer>,
): Promise<void> {
  try {
    const answers = await send(taken.map(({ item }) => item));
    for (const [at, { resolve }] of taken.entries()) resolve(answers[at]!);
  } catch (error) {
    if (taken.length === 1 || !isSeparable(error)) {
      for (const { reject } of taken) reject(error);
      return;
    }
    const rest = taken.values();
    const sendRest = async () => {
      for (const { item, resolve, reject, isGivenUp } of rest) {
        if (isGivenUp?.()) reject(givenUp());
        else await send([item]).then(([answer]) => resolve(answer!), reject);
      }
    };
    await Promise.all(Array.from({ length: singlesAtOnce }, sendRest));
  }
}
