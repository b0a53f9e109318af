import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Group commit: what is asked for in one tick, or while all places for requests are taken, travels as
 * one request. Under load the requests grow by themselves; alone, an item waits for the end of the
 * tick and no longer.
 */
export interface BatchOptions<Item, Answer> {
  /** Sends items, none of which share a key; answers in their order. */
  readonly send: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Items of one key never share a request: a statement cannot touch a row twice. */
  readonly keyOf: (item: Item) => string;
  /** Roughly what an item adds to the request; one that is larger than the limit travels alone. */
  readonly bytesOf?: (item: Item) => number;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxRequests: number;
  /** Whether one item may have failed a request of several: they are then sent one by one. */
  readonly isSeparable: (error: unknown) => boolean;
}

export type Batch<Item, Answer> = (item: Item) => Promise<Answer>;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

// A request of several callers belongs to none of their traces.
const outsideOfAnyCall = AsyncLocalStorage.snapshot();

/** One by one, a request of many items would otherwise take all connections of the pool at once. */
const singlesAtOnce = 4;

export function createBatch<Item, Answer>(
  options: BatchOptions<Item, Answer>,
): Batch<Item, Answer> {
  const { keyOf, bytesOf = () => 0, maxItems, maxBytes, maxRequests } = options;
  let queue: Waiting<Item, Answer>[] = [];
  let requests = 0;
  let isScheduled = false;

  const take = (): Waiting<Item, Answer>[] => {
    const keys = new Set<string>();
    const taken: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    let bytes = 0;
    let at = 0;
    for (; at < queue.length && taken.length < maxItems; at += 1) {
      const waiting = queue[at]!;
      const key = keyOf(waiting.item);
      if (keys.has(key)) {
        left.push(waiting);
        continue;
      }
      bytes += bytesOf(waiting.item);
      if (bytes > maxBytes && taken.length > 0) break;
      keys.add(key);
      taken.push(waiting);
    }
    left.push(...queue.slice(at));
    queue = left;
    return taken;
  };

  const request = async (taken: readonly Waiting<Item, Answer>[]): Promise<void> => {
    requests += 1;
    try {
      await settle(taken, options);
    } finally {
      requests -= 1;
      fill();
    }
  };

  const fill = () => {
    while (queue.length > 0 && requests < maxRequests) {
      const taken = take();
      void outsideOfAnyCall(() => request(taken));
    }
  };

  const onTick = () => {
    isScheduled = false;
    // Alone, the request still belongs to the call that made it: this runs in its context.
    if (queue.length === 1 && requests < maxRequests) void request(take());
    else fill();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
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
      for (const { item, resolve, reject } of rest) {
        await send([item]).then(([answer]) => resolve(answer!), reject);
      }
    };
    await Promise.all(Array.from({ length: singlesAtOnce }, sendRest));
  }
}
