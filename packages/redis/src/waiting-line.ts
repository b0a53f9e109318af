/** Somebody who asked for something and has no answer yet. */
export interface Waiting<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
  /** The turn in which he came: who did not have to wait was not given up either. */
  turn: number;
}

export interface LineLimits {
  /** Of one request. What is larger than all of its bytes still travels, alone. */
  readonly maxItems: number;
  readonly maxBytes: number;
  /** How many may wait, and with how many bytes altogether. */
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
}

interface LineOptions<Item> extends LineLimits {
  /** Whether nobody wants the answer any more; asked only of who had to wait. */
  readonly isGivenUp: (item: Item) => boolean;
}

/** Looking through a full line costs as much as the line is long. */
const msBetweenPurges = 250;

/**
 * Who waits for a place in a request: first come, first served, each step at a cost that does not depend
 * on the length of the line. Who was given up is passed over and takes no place from others.
 */
export class WaitingLine<Item, Result> {
  readonly #options: LineOptions<Item>;
  #line: Waiting<Item, Result>[] = [];
  #first = 0;
  #bytes = 0;
  #turn = 0;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LineOptions<Item>) {
    this.#options = options;
  }

  get length(): number {
    return this.#line.length - this.#first;
  }

  /** False if there is no room. */
  add(waiting: Waiting<Item, Result>): boolean {
    if (this.#isFull(waiting.bytes)) {
      if (performance.now() - this.#purgedAt < msBetweenPurges) return false;
      this.#purge();
      if (this.#isFull(waiting.bytes)) return false;
    }
    waiting.turn = this.#turn;
    this.#bytes += waiting.bytes;
    this.#line.push(waiting);
    return true;
  }

  /** What was added before now had to wait for its place. */
  nextTurn(): void {
    this.#turn += 1;
  }

  /** Takes the first ones that fit into one request. */
  take(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes } = this.#options;
    const taken: Waiting<Item, Result>[] = [];
    let bytes = 0;
    while (this.length > 0 && taken.length < maxItems) {
      const waiting = this.#line[this.#first]!;
      const isWanted = this.#isWanted(waiting);
      if (isWanted && taken.length > 0 && bytes + waiting.bytes > maxBytes) break;
      this.#first += 1;
      this.#bytes -= waiting.bytes;
      if (isWanted) {
        bytes += waiting.bytes;
        taken.push(waiting);
      } else waiting.reject(givenUp());
    }
    this.#shorten();
    return taken;
  }

  #isWanted({ turn, item }: Waiting<Item, Result>): boolean {
    return turn === this.#turn || !this.#options.isGivenUp(item);
  }

  #isFull(bytes: number): boolean {
    const { maxWaiting, maxWaitingBytes } = this.#options;
    return this.length >= maxWaiting || (this.length > 0 && this.#bytes + bytes > maxWaitingBytes);
  }

  #purge(): void {
    this.#purgedAt = performance.now();
    const line = this.#line.slice(this.#first);
    this.#line = [];
    this.#first = 0;
    this.#bytes = 0;
    for (const waiting of line) {
      if (this.#options.isGivenUp(waiting.item)) waiting.reject(givenUp());
      else {
        this.#bytes += waiting.bytes;
        this.#line.push(waiting);
      }
    }
  }

  /** Gives back the room of those who left, at a cost that is shared by as many. */
  #shorten(): void {
    if (this.length === 0) this.#line.length = 0;
    else if (this.#first < 1_024 || this.#first * 2 < this.#line.length) return;
    else this.#line = this.#line.slice(this.#first);
    this.#first = 0;
  }
}

/** Nobody hears it. */
function givenUp(): Error {
  return new Error('nobody waits for this request any more');
}
