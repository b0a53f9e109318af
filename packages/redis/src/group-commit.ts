import { AsyncLocalStorage } from 'node:async_hooks';
import { type LineLimits, type Waiting, WaitingLine } from './waiting-line.ts';

/**
 * Group commit: what is asked for in one tick, or while other requests are under way, travels as one
 * request. Under load the requests grow by themselves; alone, an item is sent at once. Of many in one tick
 * the first ones leave before it ends: the server works on them while this process asks for the others.
 */
export interface GroupOptions<Item, Answer, Result> extends LineLimits {
  sendAlone(item: Item): Promise<Answer>;
  /** Sends several; answers in their order. A fault is of all of them. */
  sendTogether(items: readonly Item[]): Promise<readonly (Answer | ItemFault)[]>;
  /** What an item's answer comes to, for who asked. */
  readonly answered: (item: Item, answer: Answer) => Result | Promise<Result>;
  /** What a fault of its request comes to. */
  readonly faultOf: (item: Item, error: unknown) => unknown;
  readonly bytesOf: (item: Item) => number;
  readonly isGivenUp: (item: Item) => boolean;
  /** Whether what was asked together has to be asked one by one, and from now on. */
  readonly isTogetherRefused: (error: unknown) => boolean;
  /** What who finds no room to wait is told. */
  readonly whenFull: () => Error;
  /** How many requests are under way before others wait for them. */
  readonly maxRequests: number;
  /** How many are sent before their tick ends, if nothing is under way. */
  readonly itemsAhead: number;
}

/** One item's fault, which is not that of the others. */
export class ItemFault {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

export type Group<Item, Result> = (item: Item) => Promise<Result>;

// A request of several callers belongs to none of their traces.
const outsideOfAnyCall = AsyncLocalStorage.snapshot();

export function createGroup<Item, Answer, Result>(
  options: GroupOptions<Item, Answer, Result>,
): Group<Item, Result> {
  const { answered, bytesOf, faultOf, itemsAhead, maxRequests, whenFull } = options;
  const line = new WaitingLine<Item, Result>(options);
  let underWay = 0;
  let isScheduled = false;
  let goesTogether = true;
  /** Whether the latest request was of several: then others are about to ask in this tick, too. */
  let isBusy = false;

  const over = () => {
    underWay -= 1;
    line.nextTurn();
    if (line.length > 0) schedule();
  };

  const tell = ({ item, resolve, reject }: Waiting<Item, Result>, answer: Answer) => {
    try {
      resolve(answered(item, answer));
    } catch (error) {
      reject(error);
    }
  };

  const alone = (waiting: Waiting<Item, Result>) => {
    isBusy = false;
    underWay += 1;
    options.sendAlone(waiting.item).then(
      (answer) => {
        over();
        tell(waiting, answer);
      },
      (error) => {
        over();
        waiting.reject(faultOf(waiting.item, error));
      },
    );
  };

  const together = async (taken: readonly Waiting<Item, Result>[]): Promise<void> => {
    isBusy = true;
    underWay += 1;
    try {
      const answers = await options.sendTogether(taken.map(({ item }) => item));
      for (let at = 0; at < taken.length; at += 1) {
        const waiting = taken[at]!;
        const answer = answers[at]!;
        if (answer instanceof ItemFault) waiting.reject(faultOf(waiting.item, answer.error));
        else tell(waiting, answer);
      }
    } catch (error) {
      if (options.isTogetherRefused(error)) {
        goesTogether = false;
        for (const waiting of taken) alone(waiting);
      } else for (const { item, reject } of taken) reject(faultOf(item, error));
    }
    over();
  };

  const send = () => {
    while (line.length > 0 && (underWay < maxRequests || !goesTogether)) {
      const taken = line.take();
      if (taken.length === 1) alone(taken[0]!);
      else if (taken.length > 1 && goesTogether) void together(taken);
      else for (const waiting of taken) alone(waiting);
    }
  };

  const onTick = () => {
    isScheduled = false;
    send();
    line.nextTurn();
  };

  const schedule = () => {
    if (isScheduled || (underWay >= maxRequests && goesTogether)) return;
    isScheduled = true;
    outsideOfAnyCall(setImmediate, onTick);
  };

  return (item) => {
    if (underWay === 0 && !isBusy && line.length === 0) return aloneAtOnce(item);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const isWaiting = line.add({ item, bytes: bytesOf(item), resolve, reject, turn: 0 });
    if (!isWaiting) reject(whenFull());
    else if (underWay === 0 && line.length >= itemsAhead) outsideOfAnyCall(send);
    else schedule();
    return promise;
  };

  async function aloneAtOnce(item: Item): Promise<Result> {
    underWay += 1;
    let answer: Answer;
    try {
      answer = await options.sendAlone(item);
    } catch (error) {
      throw faultOf(item, error);
    } finally {
      over();
    }
    return answered(item, answer);
  }
}
