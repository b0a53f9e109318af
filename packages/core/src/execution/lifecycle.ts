import type { Clock } from '../clock.ts';
import { IdempotencyError } from '../errors.ts';
import { enclosingExecution } from './current-execution.ts';

/** Something that is under way, and that the end of the process has to do with. */
export interface Ongoing {
  /** The record that is left as it is if this does not end. */
  readonly recordId?: string | undefined;
  /** There is no time for long pauses any more. */
  hurry?(): void;
  /** The time is over: whoever can stop should do so now. */
  interrupt?(reason: IdempotencyError): void;
  /** Nobody waits for it any more: it gives back its timers. */
  leave?(): void;
  /** Where it is among what is under way, which has it for its own; -1 outside. */
  place: number;
}

/** What was left when everything had been waited for. */
export interface Closed {
  /** Ids of the records whose executions did not end in time, or that could not be settled. Their leases
   * are not renewed any more. */
  readonly left: readonly string[];
}

// For what ends because it was interrupted.
const longestGraceMs = 1_000;

/** The life of one deployment: what is under way in it, and its end. What is under way in a preset that
 * extends it is under way in it, too. */
export class Lifecycle {
  readonly #clock: Clock;
  readonly #parent: Lifecycle | undefined;
  /** In no order: a Set of few that come and go is made anew nearly each time. */
  readonly #own: Ongoing[] = [];
  readonly #ofPresets = new Set<Ongoing>();
  #calls = 0;
  #closing: Promise<Closed> | undefined;
  #isOver = false;
  #hasEnded = false;
  #onIdle: (() => void) | undefined;

  constructor(clock: Clock, parent: Lifecycle | undefined) {
    this.#clock = clock;
    this.#parent = parent;
  }

  /** It takes no new work. */
  get isClosing(): boolean {
    return this.#closing !== undefined || this.#parent?.isClosing === true;
  }

  /** Its time is over: nothing is started any more. */
  get isOver(): boolean {
    return this.#isOver || this.#parent?.isOver === true;
  }

  /** Nobody waits for anything any more: nothing is tried again. */
  get hasEnded(): boolean {
    return this.#hasEnded || this.#parent?.hasEnded === true;
  }

  /** Whether a call is refused: what belongs to an execution under way is part of that. */
  get refuses(): boolean {
    return this.isClosing && (this.isOver || enclosingExecution() === undefined);
  }

  /** A call begins. It must `end`. */
  begin(): void {
    this.#calls++;
    this.#parent?.begin();
  }

  end(): void {
    this.#calls--;
    this.#parent?.end();
    if (this.#onIdle) this.#tellIfIdle();
  }

  add(ongoing: Ongoing): void {
    if (ongoing.place >= 0) return;
    ongoing.place = this.#own.push(ongoing) - 1;
    for (let above = this.#parent; above; above = above.#parent) above.#ofPresets.add(ongoing);
  }

  remove(ongoing: Ongoing): void {
    const { place } = ongoing;
    if (place < 0) return;
    const last = this.#own.pop()!;
    if (last !== ongoing) {
      this.#own[place] = last;
      last.place = place;
    }
    ongoing.place = -1;
    if (this.#onIdle) this.#tellIfIdle();
    for (let above = this.#parent; above; above = above.#parent) {
      above.#ofPresets.delete(ongoing);
      if (above.#onIdle) above.#tellIfIdle();
    }
  }

  /** As it is now: who is told to end may do so at once. */
  get #ongoing(): readonly Ongoing[] {
    return [...this.#own, ...this.#ofPresets];
  }

  close(timeoutMs: number): Promise<Closed> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<Closed> {
    for (const ongoing of this.#ongoing) ongoing.hurry?.();
    if (!(await this.#isIdleWithin(timeoutMs))) {
      this.#isOver = true;
      const reason = closedError('its time to end was over');
      for (const ongoing of this.#ongoing) ongoing.interrupt?.(reason);
      await this.#isIdleWithin(Math.min(timeoutMs, longestGraceMs));
    }
    // Whoever waits for the last call, e.g. to acknowledge a message, has its answer in the first turn, and
    // has sent what follows from it in the second, before the process ends.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    this.#isOver = true;
    this.#hasEnded = true;
    const left = new Set<string>();
    for (const ongoing of this.#ongoing) {
      if (ongoing.recordId !== undefined) left.add(ongoing.recordId);
      ongoing.leave?.();
    }
    return { left: [...left] };
  }

  async #isIdleWithin(ms: number): Promise<boolean> {
    let hasTime = true;
    const cancel = this.#clock.schedule(ms, () => {
      hasTime = false;
      this.#onIdle?.();
    });
    // Idle for a moment only, a call may be on its way from one part to the next: `within` would end there.
    while (hasTime && !this.#isIdle) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.#onIdle = undefined;
    cancel();
    return this.#isIdle;
  }

  get #isIdle(): boolean {
    return this.#calls === 0 && this.#own.length === 0 && this.#ofPresets.size === 0;
  }

  #tellIfIdle(): void {
    if (this.#isIdle) this.#onIdle?.();
  }
}

/** The refusal of work that comes, or would be started, after the end. */
export function closedError(why: string, recordId?: string): IdempotencyError<'CLOSED'> {
  const message = `${why}; this process is ending, so leave the work to another one, or do not call close() before the last call`;
  return new IdempotencyError('CLOSED', message, { recordId });
}
