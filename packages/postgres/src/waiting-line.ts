/** Whether somebody does not want his answer any more; undefined if he always does. */
export type IsGivenUp = (() => boolean) | undefined;

/** Somebody who asked for something and has no answer yet. */
export class Waiting<Item, Answer> {
  readonly item: Item;
  readonly key: string;
  readonly bytes: number;
  readonly answer: Promise<Answer>;
  resolve!: (answer: Answer | PromiseLike<Answer>) => void;
  reject!: (error: unknown) => void;
  readonly #isGivenUp: IsGivenUp;
  /** Who asked for the same later, and is to have the same answer. */
  #others: IsGivenUp[] | undefined;
  /** Who comes in after the same key, while it is not his turn. */
  next: Waiting<Item, Answer> | undefined;
  /** The turn in which he came: who did not have to wait was not given up either. */
  turn = 0;

  constructor(item: Item, key: string, bytes: number, isGivenUp: IsGivenUp) {
    this.item = item;
    this.key = key;
    this.bytes = bytes;
    this.#isGivenUp = isGivenUp;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  share(isGivenUp: IsGivenUp): Promise<Answer> {
    this.#others ??= [];
    this.#others.push(isGivenUp);
    return this.answer;
  }

  /** Whether nobody wants the answer any more. */
  get isUnwanted(): boolean {
    if (this.#isGivenUp?.() !== true) return false;
    return this.#others?.every((isGivenUp) => isGivenUp?.() === true) ?? true;
  }
}

export interface LineOptions {
  readonly maxItems: number;
  readonly maxBytes: number;
  /** How many may wait, and with how many bytes altogether. */
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
}

/** Looking through a full line costs as much as the line is long. */
const msBetweenPurges = 250;

/**
 * Who waits for a place in a request: first come, first served, each step at a cost that does not depend
 * on the length of the line. Who was given up is passed over and takes no place from others.
 */
export class WaitingLine<Item, Answer> {
  readonly #options: LineOptions;
  #line: Waiting<Item, Answer>[] = [];
  #first = 0;
  /** The last one of each key that waits. */
  readonly #lastOf = new Map<string, Waiting<Item, Answer>>();
  #count = 0;
  #bytes = 0;
  #turn = 0;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#count;
  }

  /** Who waits for that key, and was the last to come. */
  lastOf(key: string): Waiting<Item, Answer> | undefined {
    return this.#lastOf.get(key);
  }

  /** False if there is no room. */
  add(waiting: Waiting<Item, Answer>): boolean {
    if (this.#isFull(waiting)) {
      if (performance.now() - this.#purgedAt < msBetweenPurges) return false;
      this.#purge();
      if (this.#isFull(waiting)) return false;
    }
    waiting.turn = this.#turn;
    this.#append(waiting);
    return true;
  }

  /** What was added before now had to wait for its place. */
  nextTurn(): void {
    this.#turn += 1;
  }

  /** Takes the first ones that fit into one request, no two of one key. */
  take(): Waiting<Item, Answer>[] {
    const { maxItems, maxBytes } = this.#options;
    const taken: Waiting<Item, Answer>[] = [];
    const behind: Waiting<Item, Answer>[] = [];
    let bytes = 0;
    while (this.#first < this.#line.length && taken.length < maxItems) {
      const waiting = this.#line[this.#first]!;
      const isWanted = waiting.turn === this.#turn || !waiting.isUnwanted;
      if (isWanted && taken.length > 0 && bytes + waiting.bytes > maxBytes) break;
      this.#first += 1;
      this.#leave(waiting);
      if (waiting.next) behind.push(waiting.next);
      else this.#lastOf.delete(waiting.key);
      if (isWanted) {
        bytes += waiting.bytes;
        taken.push(waiting);
      } else waiting.reject(givenUp());
    }
    for (const waiting of behind) this.#line.push(waiting);
    this.#shorten();
    return taken;
  }

  #isFull({ bytes }: Waiting<Item, Answer>): boolean {
    const { maxWaiting, maxWaitingBytes } = this.#options;
    // One that is larger than all the room there is still travels, alone.
    return this.#count >= maxWaiting || (this.#count > 0 && this.#bytes + bytes > maxWaitingBytes);
  }

  #append(waiting: Waiting<Item, Answer>): void {
    this.#count += 1;
    this.#bytes += waiting.bytes;
    const last = this.#lastOf.get(waiting.key);
    if (last) last.next = waiting;
    else this.#line.push(waiting);
    this.#lastOf.set(waiting.key, waiting);
  }

  #leave({ bytes }: Waiting<Item, Answer>): void {
    this.#count -= 1;
    this.#bytes -= bytes;
  }

  #purge(): void {
    this.#purgedAt = performance.now();
    const heads = this.#line.slice(this.#first);
    this.#line = [];
    this.#first = 0;
    this.#lastOf.clear();
    this.#count = 0;
    this.#bytes = 0;
    for (const head of heads) {
      for (let waiting: typeof head | undefined = head; waiting; ) {
        const { next }: Waiting<Item, Answer> = waiting;
        waiting.next = undefined;
        if (waiting.isUnwanted) waiting.reject(givenUp());
        else this.#append(waiting);
        waiting = next;
      }
    }
  }

  /** Gives back the room of those who left, at a cost that is shared by as many. */
  #shorten(): void {
    if (this.#first < 1_024 || this.#first * 2 < this.#line.length) return;
    this.#line = this.#line.slice(this.#first);
    this.#first = 0;
  }
}

/** Nobody hears it. */
export function givenUp(): Error {
  return new Error('nobody waits for this request any more');
}
