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
  /** When its function ended, either way. */
  endedAt: number | undefined;
}

export interface WatchedStore {
  readonly store: Store;
  readonly recorded: readonly Recorded[];
  /** Claims that were taken back because their callers had given up. */
  withdrawn: number;
  /** How long after the end of its function each result was recorded. */
  readonly delaysMs: number[];
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
  const watched = { recorded, withdrawn: 0, delaysMs: [] as number[] };
  const effectOf = (id: string, fence: number) =>
    effects.find((started) => started.id === id && started.fence === fence);
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
    const endedAt = effectOf(id, settlement.record.fence)?.endedAt;
    if (endedAt !== undefined) watched.delaysMs.push(now() - endedAt);
    return settlement;
  };

  const release: Store['release'] = async (id, token, failure, request) => {
    const record = await truth.get(id);
    if (record?.token === token && record.status === 'in_progress') {
      const effect = effectOf(id, record.fence);
      must(effect?.value === undefined, `${id}: work that succeeded was released`);
    }
    const settlement = await truth.release(id, token, failure, request);
    if (settlement.status === 'done' && failure.error.name === 'Withdrawn') watched.withdrawn++;
    return settlement;
  };

  const remove: Store['delete'] = async (id, request) => {
    const deleted = await truth.delete(id, request);
    if (deleted) end(id);
    return deleted;
  };

  const store = { ...truth, acquire, complete, release, delete: remove };
  return Object.assign(watched, { store });
}
