import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is yes; a question that throws counts as no. */
export async function until(what: string, ask: () => Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      if (await ask()) return;
    } catch (error) {
      last = error;
    }
    await delay(25);
  }
  throw new Error(`${what}: not so after ${ms} ms`, { cause: last });
}
