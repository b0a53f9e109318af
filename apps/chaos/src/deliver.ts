import { setTimeout as elapsed } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { now } from './now.ts';
import type { Random } from './random.ts';
import type { Mishap } from './worker/messages.ts';

const parallelKeys = 8;
const redeliverMs = 300;
const patienceMs = 60_000;

interface Delivery {
  readonly key: string;
  readonly mishap: Mishap | undefined;
}

export interface DeliverOptions {
  /** The next piece of work, or undefined when it is enough. */
  readonly next: () => Delivery | undefined;
  readonly fleet: Fleet;
  readonly random: Random;
}

/**
 * Delivers each key as a queue does: to three workers at about the same time, again while nobody got an
 * outcome, and once more when all is done.
 */
export async function deliver({ next, fleet, random }: DeliverOptions): Promise<void> {
  const work = async () => {
    for (let one = next(); one; one = next()) await deliverOne(one, fleet, random);
  };
  await Promise.all(Array.from({ length: parallelKeys }, work));
}

async function deliverOne({ key, mishap }: Delivery, fleet: Fleet, random: Random): Promise<void> {
  const deadline = now() + patienceMs;
  const first = Array.from({ length: 3 }, async () => {
    await elapsed(random() * 100);
    return fleet.call(key, mishap);
  });
  await Promise.all(first);
  // A key that stays unanswered is a violation that the check finds.
  while ((await fleet.call(key, mishap)).answer.kind !== 'ok' && now() < deadline) {
    await elapsed(redeliverMs);
  }
}
