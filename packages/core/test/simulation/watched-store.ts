import type { Store } from '@twiceproof/core';
import { decodeOutcome } from '../../src/codec/index.ts';

/** One recorded result, and when it counted by the store's clock. */
export interface Recorded {
  readonly id: string;
  readonly value: unknown;
  readonly from: number;
  to: number;
}

/** An effect, as the outside world sees it. */
export interface Effect {
  readonly id: string;
  readonly fence: number;
  /** What its function answered; undefined as long as it has not succeeded. */
  value: string | undefined;
}

export interface WatchedStore {
  readonly store: Store;
  readonly recorded: readonly Recorded[];
}

/**
 * The store that the truth is in, checking every change of it: a completed outcome ends only when
 * somebody deletes it or claims it again on purpose, nothing is released whose effect succeeded, what
 * is to be held is not taken over, and the fence rises.
 */
export function watchedStore(
  truth: Store,
  now: () => number,
  effects: readonly Effect[],
  violations: unknown[],
): WatchedStore {
  const recorded: Recorded[] = [];
  const fences = new Map<string, number>();
  const current = (id: string) =>
    recorded.find((result) => result.id === id && result.to === Number.POSITIVE_INFINITY);
  const end = (id: string): void => {
    const result = current(id);
    if (result) result.to = now();
  };
  // Noted, not thrown: what a store throws is taken for one of its faults.
  const must = (holds: boolean, rule: string): void => {
    if (!holds) violations.push(new Error(rule));
  };

  const acquire: Store['acquire'] = async (claim, request) => {
    const { id, token, abandoned, supersedes } = claim;
    const before = await truth.get(id);
    const answer = await truth.acquire(claim, request);
    if (answer.status === 'existing' || before?.token === token) return answer;
    const { fence } = answer.record;
    must(fence > (fences.get(id) ?? 0), `${id}: the fence must rise with every claim`);
    fences.set(id, fence);
    if (before?.status === 'completed') {
      must(supersedes !== undefined, `${id}: completed work was claimed again by itself`);
      end(id);
    }
    if (before?.status === 'in_progress') {
      const isMeant = abandoned === 'reexecute' || supersedes !== undefined;
      must(isMeant, `${id}: what is to be held was taken over`);
    }
    return answer;
  };

  const complete: Store['complete'] = async (id, token, outcome, request) => {
    const settlement = await truth.complete(id, token, outcome, request);
    if (settlement.status !== 'done') return settlement;
    must(current(id) === undefined, `${id}: a completed outcome must never change`);
    const decoded = decodeOutcome(outcome.bytes, id);
    const value = decoded.kind === 'value' ? decoded.value : decoded;
    recorded.push({ id, value, from: now(), to: Number.POSITIVE_INFINITY });
    return settlement;
  };

  const release: Store['release'] = async (id, token, failure, request) => {
    const record = await truth.get(id);
    if (record?.token === token && record.status === 'in_progress') {
      const effect = effects.find((started) => started.id === id && started.fence === record.fence);
      must(effect?.value === undefined, `${id}: work that succeeded was released`);
    }
    return truth.release(id, token, failure, request);
  };

  const remove: Store['delete'] = async (id, request) => {
    const deleted = await truth.delete(id, request);
    if (deleted) end(id);
    return deleted;
  };

  return { store: { ...truth, acquire, complete, release, delete: remove }, recorded };
}
