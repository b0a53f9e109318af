import {
  createIdempotency,
  type Idempotency,
  type IdempotencyOptions,
  type Store,
} from '@twiceproof/core';
import { type DeliveryUnderWay, duringDelivery } from './delivery-under-way.ts';
import type { EffectsLedger, RecordedEffect } from './effects-ledger.ts';
import { mortalClock } from './mortal-clock.ts';
import { mortalStore } from './mortal-store.ts';
import type { RunningClock } from './running-clock.ts';
import type { CrashPoint } from './safety-report.ts';

/** One process of yours, as far as a handler can tell: it shares nothing with the others but the store. */
export interface TestProcess {
  /** 1 for the first one. */
  readonly number: number;
  /** On the store, and on the clock. Build the handler with it, so that a crash stops its lease, too. */
  readonly idempotency: Idempotency;
  /** The same store as that of the other processes, over a connection of its own. */
  readonly store: Store;
  readonly clock: RunningClock;
  /** Makes a function that has an effect, for the handler to call: see {@link RecordedEffect}. */
  readonly effect: RecordedEffect;
  /** Called when all deliveries have ended, also if the process has crashed: stop servers here. */
  onEnd(run: () => unknown): void;
}

/** Starts a process: answers its handler. */
export type StartHandler<Message> = (
  process: TestProcess,
) => Handler<Message> | Promise<Handler<Message>>;

type Handler<Message> = (message: Message) => unknown;

/** Where the process dies, once. */
export interface Crash {
  readonly step: string;
  readonly when: 'before' | 'after';
}

/** What the processes of one test have in common. */
export interface World {
  readonly clock: RunningClock;
  readonly store: Store;
  readonly ledger: EffectsLedger;
  readonly options: Partial<IdempotencyOptions> | undefined;
}

/** A process, as those see it who deliver to it. */
export interface Started<Message> {
  deliver(message: Message): Promise<unknown>;
  /** Resolves when the process has crashed. */
  readonly died: Promise<CrashPoint>;
  /** Effects and operations that a crash could have been asked for. */
  readonly reached: ReadonlySet<string>;
  /** The longest lease that the process asked for, in milliseconds; 0 if it asked for none. */
  leaseMs(): number;
  end(): Promise<void>;
}

/** Starts process number `number`, which gets the delivery of that number and no other. */
export async function startProcess<Message>(
  world: World,
  number: number,
  start: StartHandler<Message>,
  crash?: Crash,
): Promise<Started<Message>> {
  const { promise: died, resolve: die } = Promise.withResolvers<CrashPoint>();
  const reached = new Set<string>();
  const endings: (() => unknown)[] = [];
  let isDead = false;
  const pass = <T>(value: T): T | Promise<never> => (isDead ? new Promise(() => {}) : value);
  const reach = (name: string, when: Crash['when'], isEffect: boolean) => {
    reached.add(name);
    const isStep = name === crash?.step || (!isEffect && name.endsWith(`.${crash?.step}`));
    if (isStep && when === crash?.when) {
      isDead = true;
      clock.stop();
      die({ step: name, when, isEffect });
    }
    return pass(undefined);
  };

  const clock = mortalClock(world.clock);
  const { store, leaseMs } = mortalStore(
    world.store,
    (operation, when) => reach(operation, when, false),
    pass,
  );
  const idempotency = createIdempotency({
    environment: 'test',
    ...world.options,
    store,
    runtime: { ...world.options?.runtime, clock },
  });
  let underWay: DeliveryUnderWay | undefined;
  const effect = (...given: Parameters<RecordedEffect>) => {
    const recorded = world.ledger.effect(...given);
    return (...args: unknown[]) =>
      underWay ? duringDelivery(underWay, () => recorded(...args)) : recorded(...args);
  };
  const handler = await start({
    number,
    idempotency,
    store,
    clock,
    effect: effect as RecordedEffect,
    onEnd: (run) => void endings.push(run),
  });
  return {
    deliver(message) {
      const here: DeliveryUnderWay = {
        delivery: number,
        reach: async (name, when) => reach(name, when, true),
      };
      underWay = here;
      return duringDelivery(here, async () => handler(message));
    },
    died,
    reached,
    leaseMs,
    async end() {
      for (const run of endings.toReversed()) await run();
      if (!isDead) await idempotency.close({ timeout: '1s' });
      clock.stop();
    },
  };
}
