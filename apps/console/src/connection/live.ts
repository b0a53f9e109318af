import { effect, signal } from '@preact/signals';

/** Whether the page follows what happens. Somebody who reads may stop it. */
export const isLive = signal(true);
/** Nobody looks at a hidden page. */
const isVisible = signal(!document.hidden);
document.addEventListener('visibilitychange', () => {
  isVisible.value = !document.hidden;
});
/** Set while the server does not answer. */
export const isOffline = signal(false);

export interface Pace {
  /** Milliseconds between two requests while things change. */
  readonly fast: number;
  /** … and when nothing has changed for a while. */
  readonly slow: number;
}

const slowestAfterFaults = 30_000;

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
    try {
      const hasChanged = await task(ending.signal);
      delay = hasChanged ? fast : Math.min(delay * 1.4, slow);
      isOffline.value = false;
    } catch {
      delay = Math.min(Math.max(delay, fast) * 2, slowestAfterFaults);
      if (!ending.signal.aborted) isOffline.value = true;
    } finally {
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
    },
    hurry() {
      delay = fast;
      schedule(0);
    },
  };
}
