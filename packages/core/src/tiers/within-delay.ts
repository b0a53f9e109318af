import type { DelayQueue } from '../execution/delay-queue.ts';

/** What `ask` answers; undefined if it fails, or takes longer than the delay, and `onFault` is told. */
export function withinDelay<T>(
  delay: DelayQueue,
  ask: () => Promise<T>,
  onFault: () => void,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const missed = (): void => {
      onFault();
      resolve(undefined);
    };
    const timeout = delay.add(missed);
    const failed = (): void => {
      delay.remove(timeout);
      missed();
    };
    let answer: Promise<T>;
    try {
      answer = ask();
    } catch {
      failed();
      return;
    }
    answer.then((value) => {
      delay.remove(timeout);
      resolve(value);
    }, failed);
  });
}
