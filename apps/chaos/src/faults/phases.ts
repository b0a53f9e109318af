import { setTimeout as elapsed } from 'node:timers/promises';
import type { Fault } from '../history/event.ts';
import { now } from '../now.ts';
import { beyondLeaseMs, leaseMs } from '../timing.ts';
import type { Point } from '../worker/messages.ts';
import type { Phase, Scene } from './phase.ts';

const points: readonly Point[] = ['claimed', 'effect done', 'settled'];
const always = () => true;
const mostOffsetMs = 4 * 86_400_000;

/** Each worker that dies or sleeps costs seconds, so of many keys a smaller part is struck. */
const isOften = (index: number) => index < 60 || index % 20 < 5;

/** Every fault, in the order in which they are put to an engine. */
export const phases: readonly Phase[] = [
  { name: 'none', fits: always },
  {
    name: 'kill -9 at a point',
    fits: always,
    mishap: (index) =>
      index % 3 === 0 && isOften(index)
        ? { how: 'kill', at: points[(index / 3) % points.length]! }
        : undefined,
  },
  {
    name: 'kill -9 at random',
    fits: always,
    async strike({ fleet, random }) {
      for (let count = 0; count < 6; count += 1) {
        await elapsed(100 + random() * 400);
        fleet.kill();
      }
    },
  },
  {
    name: 'pause beyond the lease',
    fits: always,
    mishap: (index) =>
      index % 4 === 0 && isOften(index)
        ? { how: 'pause', at: points[(index / 4) % 2]! }
        : undefined,
  },
  {
    name: 'pause at random',
    fits: always,
    async strike({ fleet, random }) {
      for (let count = 0; count < 3; count += 1) {
        await elapsed(random() * 500);
        fleet.pause('pause at random');
      }
    },
  },
  {
    name: 'clocks jump back and forth',
    fits: ({ haveOneClock }) => !haveOneClock,
    async strike({ fleet, random }) {
      for (let count = 0; count < 20; count += 1) {
        fleet.setClock((random() - 0.5) * mostOffsetMs);
        await elapsed(leaseMs / 20);
      }
    },
  },
  {
    name: 'requests cut off before the server acts',
    fits: ({ proxy }) => proxy !== undefined,
    strike: cutting('cutBefore'),
  },
  {
    name: 'answers cut off after the server acted',
    fits: ({ proxy }) => proxy !== undefined,
    strike: cutting('cutAfter'),
  },
  {
    name: 'late answers',
    fits: ({ proxy }) => proxy !== undefined,
    async strike({ target }) {
      target.proxy!.delay(150);
      await elapsed(leaseMs);
      target.proxy!.heal();
    },
  },
  {
    name: 'network silent for longer than a lease',
    fits: ({ proxy }) => proxy !== undefined,
    async strike(scene) {
      await away(scene, 'silent network', async () => {
        scene.target.proxy!.freeze();
        await elapsed(beyondLeaseMs);
        scene.target.proxy!.heal();
      });
    },
  },
  {
    name: 'server crash',
    fits: ({ crash }) => crash !== undefined,
    async strike(scene) {
      await elapsed(200);
      await away(scene, 'server crash', scene.target.crash!);
    },
  },
  {
    name: 'server restart',
    fits: ({ restart }) => restart !== undefined,
    async strike(scene) {
      await elapsed(200);
      await away(scene, 'server restart', scene.target.restart!);
    },
  },
  {
    name: 'file locked for longer than a lease',
    fits: ({ lock }) => lock !== undefined,
    async strike(scene) {
      await elapsed(200);
      await away(scene, 'locked file', scene.target.lock!);
    },
  },
  {
    name: 'slots moved to another master, and back',
    fits: ({ moveSlots }) => moveSlots !== undefined,
    strike: ({ target, keyOf }) =>
      target.moveSlots!(Array.from({ length: 100 }, (_, n) => keyOf(n))),
  },
  {
    name: 'a replica takes the place of its master',
    fits: ({ failOver }) => failOver !== undefined,
    async strike(scene) {
      await elapsed(200);
      // Replication is asynchronous: what the replica had not got yet is gone.
      await during(scene, { name: 'failover', kind: 'forgets' }, scene.target.failOver!);
    },
  },
];

/** Cuts a tenth of what is sent, for as long as a lease. */
function cutting(how: 'cutBefore' | 'cutAfter') {
  return async ({ target, random }: Scene) => {
    void target.proxy![how]({ when: () => random() < 0.1, times: Number.POSITIVE_INFINITY });
    await elapsed(leaseMs);
    target.proxy!.heal();
  };
}

/** Notes for how long the store could not be asked. */
function away(scene: Scene, name: string, strike: () => Promise<void>): Promise<void> {
  return during(scene, { name, kind: 'away' }, strike);
}

async function during(
  { faults }: Scene,
  what: Pick<Fault, 'name' | 'kind'>,
  strike: () => Promise<void>,
): Promise<void> {
  const fault: Fault = { ...what, from: now(), to: Number.POSITIVE_INFINITY };
  faults.push(fault);
  await strike();
  fault.to = now();
}
