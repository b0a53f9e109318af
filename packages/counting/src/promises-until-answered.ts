import { countPromises } from './count-promises.ts';

/** Promises that are made until what `ask` answers is there, a few of others in the process among them. */
export async function promisesUntilAnswered(ask: () => Promise<unknown>): Promise<number> {
  const counted = countPromises();
  await ask();
  return counted();
}
