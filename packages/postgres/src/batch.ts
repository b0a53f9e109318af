import { AsyncLocalStorage } from 'node:async_hooks';
import { givenUp, type IsGivenUp, type LineOptions, Waiting, WaitingLine } from './waiting-line.ts';

/**
 * Group commit: what is asked for in one tick, or while all places for requests are taken, travels as
 * one request. Under load the requests grow by themselves; alone, an item waits for the end of the
 * tick and no longer.
 */
export interface BatchOptions<Item, Answer> extends LineOptions {
  /** Sends items, none of which share a key; answers in their order. `askers` are those who wait for them. */
  readonly send: (
    items: readonly Item[],
    askers: readonly Asker[],
  ) => Promise<readonly Eventually<Answer>[]>;
  /** Items of one key never share a request: a statement cannot touch a row twice. */
  readonly keyOf: (item: Item) => string;
  /** Roughly what an item adds to the request; one that is larger than the limit travels alone. */
  readonly bytesOf?: (item: Item) => number;
  readonly maxRequests: number;
  /** Whether who asks for a key that waits already is given the same answer, in place of a turn of his own. */
  readonly isShared?: boolean;
  /** Whether one item may have failed a request of several: they are then sent one by one. */
  readonly isSeparable: (error: unknown) => boolean;
  /** Before that: where one item waited for somebody else for too long, answers for those that need not. */
  readonly passBy?: PassBy<Item, Answer> | undefined;
  /** What who finds no room to wait is told. */
  readonly whenFull: () => Error;
}

interface PassBy<Item, Answer> {
  readonly isDueTo: (error: unknown) => boolean;
  /** Undefined for an item that has to be sent by itself. */
  readonly send: (items: readonly Item[]) => Promise<readonly (Answer | undefined)[]>;
}

/** Of whoever waits for an item, however many they are. */
export type Asker = Pick<Waiting<unknown, never>, 'isUnwanted'>;

export type Eventually<Answer> = Answer | PromiseLike<Answer>;

/** `isGivenUp`: whether nobody wants the answer any more; asked before the item is sent. */
export type Batch<Item, Answer> = (item: Item, isGivenUp?: IsGivenUp) => Promise<Answer>;

// A request of several callers belongs to none of their traces.
const outsideOfAnyCall = AsyncLocalStorage.snapshot();

/** One by one, a request of many items would otherwise take all connections of the pool at once. */
const singlesAtOnce = 4;

export function createBatch<Item, Answer>(
  options: BatchOptions<Item, Answer>,
): Batch<Item, Answer> {
  const { keyOf, bytesOf = () => 0, maxRequests, isShared, whenFull } = options;
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

  return (item, isGivenUp) => {
    const key = keyOf(item);
    const same = isShared && line.lastOf(key);
    if (same) return same.share(isGivenUp);
    const waiting = new Waiting<Item, Answer>(item, key, bytesOf(item), isGivenUp);
    if (!line.add(waiting)) waiting.reject(whenFull());
    else if (!isScheduled && requests < maxRequests) {
      isScheduled = true;
      setImmediate(onTick);
    }
    return waiting.answer;
  };
}

async function settle<Item, Answer>(
  taken: readonly Waiting<Item, Answer>[],
  { send, isSeparable, passBy }: BatchOptions<Item, Answer>,
): Promise<void> {
  try {
    const answers = await send(
      taken.map(({ item }) => item),
      taken,
    );
    for (let at = 0; at < taken.length; at += 1) taken[at]!.resolve(answers[at]!);
  } catch (error) {
    if (taken.length === 1 || !isSeparable(error)) {
      for (const { reject } of taken) reject(error);
      return;
    }
    const rest = (passBy?.isDueTo(error) ? await passedBy(taken, passBy) : taken).values();
    const sendRest = async () => {
      for (const waiting of rest) {
        const { item, resolve, reject } = waiting;
        if (waiting.isUnwanted) reject(givenUp());
        else await send([item], [waiting]).then(([answer]) => resolve(answer!), reject);
      }
    };
    await Promise.all(Array.from({ length: singlesAtOnce }, sendRest));
  }
}

/** Answers those that need not wait, and gives back the others. */
async function passedBy<Item, Answer>(
  taken: readonly Waiting<Item, Answer>[],
  { send }: PassBy<Item, Answer>,
): Promise<readonly Waiting<Item, Answer>[]> {
  const wanted = taken.filter(({ isUnwanted }) => !isUnwanted);
  if (wanted.length < 2) return taken;
  const left = new Set(taken);
  try {
    const answers = await send(wanted.map(({ item }) => item));
    for (const [at, waiting] of wanted.entries()) {
      const answer = answers[at];
      if (answer === undefined) continue;
      waiting.resolve(answer);
      left.delete(waiting);
    }
  } catch {
    // Each will hear by itself what is wrong.
  }
  return [...left];
}
