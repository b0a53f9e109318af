import type { Clock } from '../clock.ts';
import { isIdempotencyError } from '../errors.ts';
import { outsideOfAnyCall } from './delay-queue.ts';

/** Something about a record that goes on after its caller was told that the store is away. */
export interface Errand {
  readonly recordId: string;
  /** What is kept in memory for it. */
  readonly bytes: number;
  /** Asks the store once. Answers whether the errand is over. */
  readonly ask: () => Promise<boolean>;
  readonly onEnd?: (() => void) | undefined;
}

const mostErrands = 10_000;
const mostBytes = 64 * 1024 * 1024;
const atOnce = 8;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Errands of one deployment: asked again with growing pauses, a few at a time, until the store has
 * answered. They do not keep the process alive; whoever ends it waits for them first.
 *
 * While it is full, no new work is claimed: there would be no room for what may be left of it.
 */
export class Background {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #unanswered = new Set<Errand>();
  /** Answered at least once, and worth another look. */
  readonly #lingering = new Set<Errand>();
  readonly #waitingForTurn: (() => void)[] = [];
  #asking = 0;
  #bytes = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get isFull(): boolean {
    return this.#unanswered.size >= mostErrands || this.#bytes >= mostBytes;
  }

  add(errand: Errand): void {
    this.#unanswered.add(errand);
    this.#bytes += errand.bytes;
    // The caller's context ends with its call.
    outsideOfAnyCall(() => void this.#run(errand));
  }

  async #run(errand: Errand): Promise<void> {
    let pauseMs = firstPauseMs;
    do {
      await this.#pause(pauseMs * (0.75 + this.#random() / 2));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    } while (this.#isWanted(errand) && !(await this.#isOver(errand)));
    this.#end(errand);
  }

  #isWanted(errand: Errand): boolean {
    return this.#unanswered.has(errand) || this.#lingering.has(errand);
  }

  async #isOver(errand: Errand): Promise<boolean> {
    await this.#turn();
    try {
      const isOver = await errand.ask();
      if (!isOver) this.#linger(errand);
      return isOver;
    } catch (error) {
      // Anything but an outage is an answer that would be the same every time.
      return !isIdempotencyError(error, 'STORE_UNAVAILABLE');
    } finally {
      const next = this.#waitingForTurn.shift();
      if (next) next();
      else this.#asking--;
    }
  }

  /** Those that only wait for what may come late make room for those that do not know yet. */
  #linger(errand: Errand): void {
    this.#unanswered.delete(errand);
    this.#lingering.add(errand);
    if (this.#lingering.size <= mostErrands) return;
    const [oldest] = this.#lingering;
    this.#lingering.delete(oldest!);
  }

  #end(errand: Errand): void {
    this.#unanswered.delete(errand);
    this.#lingering.delete(errand);
    this.#bytes -= errand.bytes;
    errand.onEnd?.();
  }

  async #turn(): Promise<void> {
    if (this.#asking < atOnce) this.#asking++;
    else await new Promise<void>((resolve) => this.#waitingForTurn.push(resolve));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.schedule(ms, resolve, true));
  }
}
