import { Chance } from './chance.ts';
import type { Kind } from './world/protocols.ts';

/** How all processes of one schedule are set up. */
interface Setting {
  readonly kind: Kind;
  readonly processes: number;
  readonly isTiered: boolean;
  /** Requests that meet in one process travel together. */
  readonly isBatched: boolean;
  /** What is in the process is answered without a promise, too. */
  readonly isAtOnce: boolean;
  readonly isWorkflow: boolean;
  readonly abandoned: 'reexecute' | 'hold' | 'probe';
  readonly failure: 'release' | 'record' | 'ambiguous';
  readonly hasFingerprint: boolean;
  readonly heartbeat: boolean;
  /** Milliseconds that completed records are kept; undefined for ever. */
  readonly retentionMs: number | undefined;
  readonly keys: readonly Key[];
  /** Share of requests that meet a fault of the network. */
  readonly faultRate: number;
}

export type Key = string | number | readonly (string | number)[];

/** Something that happens at a time of its own. */
export type PlannedEvent =
  | {
      readonly at: number;
      readonly what: 'call';
      readonly by: number;
      readonly key: Key;
      readonly amount: number;
    }
  | {
      readonly at: number;
      readonly what: 'pause' | 'jump';
      readonly by: number;
      readonly ms: number;
    }
  | { readonly at: number; readonly what: 'crash'; readonly by: number }
  | { readonly at: number; readonly what: 'away' | 'rollback'; readonly ms: number }
  | { readonly at: number; readonly what: 'failover' }
  | { readonly at: number; readonly what: 'evict'; readonly key: Key }
  | {
      readonly at: number;
      readonly what: 'delete' | 'release';
      readonly by: number;
      readonly key: Key;
    };

export interface Plan {
  readonly seed: number;
  readonly setting: Setting;
  readonly events: readonly PlannedEvent[];
  /** Whether processes and keys are tried again when all is over, which takes about as long again. */
  readonly isFollowedUp: boolean;
}

export const leaseMs = 300;
const lastEventMs = 1_500;

/** Keys that a careless encoding would take for one another. */
const keyPairs: readonly (readonly Key[])[] = [
  ['a', 'b'],
  ['a', 'b'],
  ['a'],
  ['1', 1],
  [['a', 'b'], 'a,b'],
  [['a', 'b'], ['ab']],
  [
    ['a', 1],
    ['a', '1'],
  ],
];

/** Everything about a schedule that is decided before it begins. */
export function planOf(seed: number): Plan {
  const chance = new Chance(seed);
  const kind = chance.pick<Kind>([
    ...(['redis', 'redis', 'redis', 'postgres', 'postgres', 'postgres'] as const),
    ...(['dynamodb', 'dynamodb', 'dynamodb', 'mysql', 'mysql', 'sqlite', 'memory'] as const),
  ]);
  const setting: Setting = {
    kind,
    processes: kind === 'memory' ? 1 : 1 + chance.below(3),
    isTiered: chance.happens(0.3),
    isBatched: (kind === 'redis' || kind === 'postgres') && chance.happens(0.4),
    isAtOnce: kind === 'memory' && chance.happens(0.6),
    // One costs as much as two or three others, and catches less in that time.
    isWorkflow: chance.happens(0.05),
    abandoned: chance.pick(['reexecute', 'reexecute', 'hold', 'probe']),
    failure: chance.pick(['release', 'record', 'ambiguous']),
    hasFingerprint: chance.happens(0.3),
    heartbeat: chance.happens(0.85),
    retentionMs: chance.happens(0.3) ? 200 + chance.below(600) : undefined,
    keys: chance.pick(keyPairs),
    faultRate: chance.pick([0, 0.1, 0.25]),
  };
  const events: PlannedEvent[] = [];
  const at = (): number => chance.below(lastEventMs);
  // Who is to share a request asks while another one is under way.
  const rush = setting.isBatched && chance.happens(0.7) ? at() : undefined;
  const callAt = (): number => (rush === undefined ? at() : rush + chance.below(20));
  // What never meets shows nothing.
  const key = (): Key => (chance.happens(0.6) ? setting.keys[0]! : chance.pick(setting.keys));
  const by = (): number => chance.below(setting.processes);
  // Short schedules are many, and find more than long ones; a share of long ones is kept.
  for (let count = 2 + chance.below(chance.happens(0.1) ? 5 : 2); count > 0; count--) {
    const amount = chance.happens(0.8) ? 1 : 2;
    events.push({ at: callAt(), what: 'call', by: by(), key: key(), amount });
  }
  if (chance.happens(0.02)) events.push({ at: at(), what: 'call', by: by(), key: '', amount: 1 });
  if (chance.happens(0.25)) {
    events.push({ at: at(), what: 'pause', by: by(), ms: chance.below(4 * leaseMs) });
  }
  if (chance.happens(0.25)) events.push({ at: at(), what: 'crash', by: by() });
  if (kind !== 'memory') {
    if (chance.happens(0.25))
      events.push({ at: at(), what: 'away', ms: chance.below(4 * leaseMs) });
    if (chance.happens(0.15)) events.push({ at: at(), what: 'failover' });
    if (chance.happens(0.03)) events.push({ at: at(), what: 'rollback', ms: chance.below(200) });
    if (chance.happens(0.03)) events.push({ at: at(), what: 'evict', key: key() });
  }
  if (chance.happens(0.1)) {
    events.push({ at: at(), what: 'jump', by: by(), ms: chance.below(20_000) - 10_000 });
  }
  if (chance.happens(0.25)) {
    for (let count = 1 + chance.below(2); count > 0; count--) {
      const what = chance.pick(['delete', 'release'] as const);
      const change = { at: at() + chance.below(700), by: by(), key: key() };
      events.push({ ...change, what });
      // Soon enough to be answered by a copy that should be gone.
      const soon = change.at + 80 + chance.below(200);
      if (chance.happens(0.8)) events.push({ ...change, at: soon, what: 'call', amount: 1 });
    }
  }
  const isFollowedUp = chance.happens(events.some(({ what }) => what !== 'call') ? 0.15 : 0.03);
  return { seed, setting, events, isFollowedUp };
}
