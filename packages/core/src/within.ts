import { type Clock, systemClock } from './clock.ts';

/**
 * What `work` comes to, for no longer than `ms` milliseconds: then what `onLate` answers or throws. The work
 * goes on by itself, and whatever becomes of it is taken. The time is that of `timers`: the machine's unless
 * given.
 *
 * @example
 * ```ts
 * import { within } from '@twiceproof/core/toolkit';
 *
 * export const isReachable = (ping: Promise<string>): Promise<boolean> =>
 *   within(
 *     ping.then(() => true),
 *     5_000,
 *     () => false,
 *   );
 * ```
 */
export function within<T, Late>(
  work: Promise<T>,
  ms: number,
  onLate: () => Late,
  timers: Pick<Clock, 'schedule'> = systemClock,
): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const cancel = timers.schedule(ms, () => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    });
    const inTime =
      <Outcome>(settle: (outcome: Outcome) => void) =>
      (outcome: Outcome): void => {
        cancel();
        settle(outcome);
      };
    work.then(inTime(resolve), inTime(reject));
  });
}
