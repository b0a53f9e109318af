import { setTimeout as elapsed } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { now } from './now.ts';
import type { Random } from './random.ts';
import type { Mishap } from './worker/messages.ts';

const parallelKeys = 16;
const redeliverMs = 300;
const patienceMs = 60_000;

interface Delivery {
  readonly key: string;
  readonly mishap: Mishap | undefined;
}

export interface DeliverOptions {
  /** The next piece of work, or undefined when it is enough. */
  readonly next: () => Promise<Delivery | undefined>;
  readonly fleet: Fleet;
  readonly random: Random;
}

/**
 * Delivers each key as a queue does: to three workers at about the same time, again while nobody got an
 * outcome, and once more when all is done.
 */
export async function deliver({ next, fleet, random }: DeliverOptions): Promise<void> {
  const work = async () => {
    for (let one = await next(); one; one = await next()) await deliverOne(one, fleet, random);
  };
  await Promise.all(Array.from({ length: parallelKeys }, work));
}

/**
 * Delivers every key once more, when whatever was done is over: an outcome that was recorded before it has to be
 * there still.
 */
export async function deliverAgain(keys: readonly string[], fleet: Fleet): Promise<void> {
  const left = [...keys];
  const work = async () => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) await fleet.call(key);
  };
  await Promise.all(Array.from({ length: parallelKeys }, work));
}

async function deliverOne({ key, mishap }: Delivery, fleet: Fleet, random: Random): Promise<void> {
  const first = Array.from({ length: 3 }, async () => {
    await elapsed(random() * 100);
    return fleet.call(key, mishap);
  });
  await Promise.all(first);
  // What a worker took with it into death says nothing about the store: it is delivered again, as often as it takes.
  for (let refusedFrom: number | undefined; ; ) {
    const { answer, to } = await fleet.call(key, mishap);
    if (answer.kind === 'ok') return;
    refusedFrom = to === Number.POSITIVE_INFINITY ? undefined : (refusedFrom ?? to);
    // A violation that the check finds.
    if (refusedFrom !== undefined && now() > refusedFrom + patienceMs) return;
    await elapsed(redeliverMs);
  }
}
