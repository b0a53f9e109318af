import type { Chance } from '../chance.ts';
import type { Process } from './process.ts';
import type { Purpose, Send } from './protocols.ts';

const mostItems = 8;
/** What is asked for in one tick goes together. */
const tickMs = 5;
/** Sooner than the callers, so that what is left in the line has still a try. */
const givenUpAfterMs = 120;

/** What a mutant does to requests of several callers. */
export interface BatchFault {
  /** Hands the answers on in another way. */
  answers?(answers: readonly unknown[]): readonly unknown[];
  /** What is answered where no answer came. */
  lost?(what: Purpose): unknown;
}

interface Item {
  readonly step: () => unknown;
  /** The server refuses this one, and none of the others. */
  readonly isRefused: boolean;
  resolve(answer: unknown): void;
  reject(fault: Error): void;
}

const refused = Symbol('refused');

/**
 * Group commit: what is asked for while a request is under way travels as the next one, together. One
 * item's fault is its own; a request whose answer is lost says nothing about any of its items.
 */
export function inBatches(
  send: Send,
  process: Process,
  chance: Chance,
  faultRate: number,
  mutant: BatchFault | undefined,
): Send {
  const write = lineFor('write');
  const lines: Record<Purpose, ReturnType<typeof lineFor> | undefined> = {
    ...{ claim: lineFor('claim'), settle: lineFor('settle'), renew: write, write },
    read: undefined,
  };

  function lineFor(what: Purpose): (item: Item) => void {
    const waiting: Item[] = [];
    let isUnderWay = false;

    const next = (): void => {
      if (isUnderWay || waiting.length === 0) return;
      isUnderWay = true;
      const items = waiting.splice(0, mostItems);
      let isOver = false;
      const over = (end: (item: Item, at: number) => void): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        items.forEach(end);
        isUnderWay = false;
        next();
      };
      const lose = (fault: Error): void => {
        const said = mutant?.lost?.(what);
        over(({ resolve, reject }) => (said === undefined ? reject(fault) : resolve(said)));
      };
      const cancel = process.clock.schedule(givenUpAfterMs, () => lose(new Error('ETIMEDOUT')));
      const steps = (): unknown[] =>
        items.map(({ step, isRefused }) => (isRefused ? refused : step()));
      send(steps, what).then((found) => {
        const answers = mutant?.answers?.(found) ?? found;
        over(({ resolve, reject }, at) =>
          answers[at] === refused ? reject(new Error('OOM')) : resolve(answers[at]),
        );
      }, lose);
    };

    return (item) => {
      waiting.push(item);
      process.clock.schedule(tickMs, next);
    };
  }

  return (step, what) => {
    const line = lines[what];
    if (!line) return send(step, what);
    const isRefused = chance.happens(faultRate / 2);
    return new Promise((resolve, reject) => {
      line({ step, isRefused, resolve: resolve as (answer: unknown) => void, reject });
    });
  };
}
