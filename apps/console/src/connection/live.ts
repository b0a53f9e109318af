import { computed, effect, signal } from '@preact/signals';
import { type Fault, faultOf } from './fault.ts';

/** Whether the page follows what happens. Somebody who reads may stop it. */
export const isLive = signal(true);
/** Nobody looks at a hidden page. */
const isVisible = signal(!document.hidden);
document.addEventListener('visibilitychange', () => {
  isVisible.value = !document.hidden;
});
/** What keeps those who follow from knowing what happens. */
export type Trouble = 'late' | Fault;
const troubles = signal<ReadonlyMap<object, Trouble>>(new Map());
/** Set while what the page shows may be old: an answer is late, or there is a fault. */
export const trouble = computed(() => [...troubles.value.values()].at(-1));

function note(who: object, what: Trouble | undefined): void {
  if (troubles.peek().get(who) === what) return;
  const next = new Map(troubles.peek());
  if (what === undefined) next.delete(who);
  else next.set(who, what);
  troubles.value = next;
}

export interface Pace {
  /** Milliseconds between two requests while things change. */
  readonly fast: number;
  /** … and when nothing has changed for a while. */
  readonly slow: number;
}

const slowestAfterFaults = 30_000;
/** A page whose last answer is as old as this is not live. */
const lateAfter = 5_000;

/**
 * Runs `task` again and again while the page is visible and live: fast while it says that something
 * changed, slower when not, and ever slower while it fails. Answers how to stop, and how to hurry.
 */
export function follow(
  task: (signal: AbortSignal) => Promise<boolean>,
  { fast, slow }: Pace,
): { readonly stop: () => void; readonly hurry: () => void } {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delay = fast;
  let isRunning = false;

  const schedule = (ms: number) => {
    clearTimeout(timer);
    if (ending.signal.aborted || !isLive.peek() || !isVisible.peek()) return;
    timer = setTimeout(run, ms);
  };
  const run = async () => {
    if (isRunning) return;
    isRunning = true;
    const late = setTimeout(() => note(ending, 'late'), lateAfter);
    try {
      const hasChanged = await task(ending.signal);
      delay = hasChanged ? fast : Math.min(delay * 1.4, slow);
      note(ending, undefined);
    } catch (error) {
      delay = Math.min(Math.max(delay, fast) * 2, slowestAfterFaults);
      if (!ending.signal.aborted) note(ending, faultOf(error));
    } finally {
      clearTimeout(late);
      isRunning = false;
      schedule(delay);
    }
  };

  let isFirst = true;
  const unwatch = effect(() => {
    const isOn = isLive.value && isVisible.value;
    clearTimeout(timer);
    // What was missed meanwhile is fetched at once.
    if (isOn) schedule(isFirst ? fast : 0);
    isFirst = false;
  });
  return {
    stop() {
      unwatch();
      clearTimeout(timer);
      ending.abort();
      note(ending, undefined);
    },
    hurry() {
      delay = fast;
      schedule(0);
    },
  };
}
