import type { Clock } from '../clock.ts';
import { isIdempotencyError } from '../errors.ts';
import { outsideOfAnyCall } from './delay-queue.ts';
import type { Lifecycle, Ongoing } from './lifecycle.ts';

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
const longestLastPauseMs = 250;

/**
 * Errands of one deployment: asked again with growing pauses, a few at a time, until the store has
 * answered. They do not keep the process alive; whoever ends it waits for them first.
 *
 * While it is full, no new work is claimed: there would be no room for what may be left of it.
 */
export class Background {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #lifecycle: Lifecycle;
  readonly #unanswered = new Set<ErrandUnderWay>();
  /** Answered at least once, and worth another look. */
  readonly #lingering = new Set<ErrandUnderWay>();
  readonly #waitingForTurn: (() => void)[] = [];
  #asking = 0;
  #bytes = 0;

  constructor(clock: Clock, random: () => number, lifecycle: Lifecycle) {
    this.#clock = clock;
    this.#random = random;
    this.#lifecycle = lifecycle;
  }

  /** Nothing is tried again. */
  get hasEnded(): boolean {
    return this.#lifecycle.hasEnded;
  }

  get isFull(): boolean {
    return this.#unanswered.size >= mostErrands || this.#bytes >= mostBytes;
  }

  add(errand: Errand): void {
    if (this.#lifecycle.hasEnded) {
      errand.onEnd?.();
      return;
    }
    const underWay = new ErrandUnderWay(errand, this.#clock);
    this.#unanswered.add(underWay);
    this.#bytes += errand.bytes;
    this.#lifecycle.add(underWay);
    // The caller's context ends with its call.
    outsideOfAnyCall(() => void this.#run(underWay));
  }

  async #run(underWay: ErrandUnderWay): Promise<void> {
    let pauseMs = firstPauseMs;
    do {
      // Looked at now: the end may have begun while the store was asked.
      const longestMs = this.#lifecycle.isClosing ? longestLastPauseMs : longestPauseMs;
      await underWay.pause(Math.min(pauseMs, longestMs) * (0.75 + this.#random() / 2));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    } while (!underWay.isLeft && !(await this.#isOver(underWay)));
    this.#end(underWay);
  }

  async #isOver(underWay: ErrandUnderWay): Promise<boolean> {
    await this.#turn();
    try {
      if (await underWay.errand.ask()) return true;
      this.#linger(underWay);
      // It was only to be sure, and for that there is no time.
      return this.#lifecycle.isClosing;
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
  #linger(underWay: ErrandUnderWay): void {
    this.#unanswered.delete(underWay);
    this.#lingering.add(underWay);
    if (this.#lingering.size <= mostErrands) return;
    const [oldest] = this.#lingering;
    this.#lingering.delete(oldest!);
    oldest!.leave();
  }

  #end(underWay: ErrandUnderWay): void {
    const { errand } = underWay;
    this.#unanswered.delete(underWay);
    this.#lingering.delete(underWay);
    this.#bytes -= errand.bytes;
    this.#lifecycle.remove(underWay);
    errand.onEnd?.();
  }

  async #turn(): Promise<void> {
    if (this.#asking < atOnce) this.#asking++;
    else await new Promise<void>((resolve) => this.#waitingForTurn.push(resolve));
  }
}

/** An errand with its pauses, which can be cut short. */
class ErrandUnderWay implements Ongoing {
  place = -1;
  readonly errand: Errand;
  isLeft = false;
  readonly #clock: Clock;
  #goOn: (() => void) | undefined;

  constructor(errand: Errand, clock: Clock) {
    this.errand = errand;
    this.#clock = clock;
  }

  get recordId(): string {
    return this.errand.recordId;
  }

  async pause(ms: number): Promise<void> {
    let cancel: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      cancel = this.#clock.schedule(ms, resolve, true);
    });
    this.#goOn = undefined;
    cancel?.();
  }

  hurry(): void {
    this.#goOn?.();
  }

  leave(): void {
    this.isLeft = true;
    this.#goOn?.();
  }
}
