import type { Call, Effect, Fault } from './event.ts';

/** An effect that happened again, and the fault that explains it. */
export interface Repeat {
  readonly key: string;
  readonly first: Effect;
  readonly again: Effect;
  /** Undefined where nothing does: a violation. */
  readonly fault: string | undefined;
}

/** Effects of one key beyond the first, each with its explanation. */
export function repeatsOf(
  effects: readonly Effect[],
  calls: readonly Call[],
  faults: readonly Fault[],
  leaseMs: number,
): Repeat[] {
  // A claim may land long after it was sent, and others before it: the fence tells their order.
  const claims = [...effects].sort(
    (one, other) => one.fence - other.fence || one.claimedAt - other.claimedAt,
  );
  return claims.slice(1).map((again, before) => {
    const first = claims[before]!;
    const fault = explanation(first, again, { calls, faults, leaseMs });
    return { key: again.key, first, again, fault: fault?.name };
  });
}

interface Circumstances {
  readonly calls: readonly Call[];
  readonly faults: readonly Fault[];
  readonly leaseMs: number;
}

/** Why `again` could begin although `first` had been claimed. */
function explanation(
  first: Effect,
  again: Effect,
  { calls, faults, leaseMs }: Circumstances,
): Fault | undefined {
  const during = faults.filter((fault) => fault.from <= again.at && fault.to >= first.claimedAt);
  const forgotten = during.find(({ kind }) => kind === 'forgets');
  if (forgotten) return forgotten;
  // Nobody may take over what its owner has acknowledged, nor within his lease.
  const owner = calls.find(({ call }) => call === first.call);
  if (
    owner?.answer.kind === 'ok' &&
    owner.answer.value === first.effect &&
    owner.to < again.claimedAt
  )
    return undefined;
  if (again.at - first.claimedAt < leaseMs) return undefined;
  return during.find(({ kind, worker, key, from, to }) => {
    if (kind === 'away') return true;
    if (worker !== first.worker || (key ?? first.key) !== first.key) return false;
    return kind === 'killed' || to - from >= leaseMs / 3;
  });
}
