import type { Instrumentation } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { combined } from './combined.ts';

/** All that an instrumentation can see; hooks would be the same once more. */
type Watching = Required<Omit<Instrumentation, 'hooks'>>;

test('both see everything, and the first one is outside', async () => {
  const seen: string[] = [];
  const watching = (name: string): Watching => {
    const around = (what: string) => async (_info: unknown, next: () => Promise<never>) => {
      seen.push(`${name} ${what}`);
      return next();
    };
    return {
      execute: around('execute') as never,
      run: around('run') as never,
      wait: around('wait') as never,
      storeOperation: around('store') as never,
      traceparent: () => undefined,
      leaseLost: () => seen.push(`${name} lost`),
      resultEncoded: () => seen.push(`${name} encoded`),
      tierLookup: () => seen.push(`${name} lookup`),
      operatorAction: () => seen.push(`${name} action`),
    };
  };
  const both = combined(watching('a'), watching('b')) as Watching;
  const next = async () => 1;
  const info = {} as never;
  expect(await both.execute(info, next)).toBe(1);
  expect(await both.run(info, next)).toBe(1);
  expect(await both.wait(info, next)).toBe(1);
  expect(await both.storeOperation(info, next)).toBe(1);
  both.leaseLost(info);
  both.resultEncoded(info, 1);
  both.tierLookup('memory', true);
  both.operatorAction(info);
  const whats = ['execute', 'run', 'wait', 'store', 'lost', 'encoded', 'lookup', 'action'];
  expect(seen).toEqual(whats.flatMap((what) => [`a ${what}`, `b ${what}`]));
});

test('what one of them leaves out is left to the other', async () => {
  const bare: Instrumentation = { execute: (_call, next) => next() };
  const traced: Instrumentation = { ...bare, traceparent: () => 'mine' };
  for (const both of [combined(bare, traced), combined(traced, bare)]) {
    expect(both.traceparent?.()).toBe('mine');
    expect(await both.run?.({} as never, async () => 1)).toBe(1);
    expect(await both.wait?.({} as never, async () => 2)).toBe(2);
    expect(await both.storeOperation?.({} as never, async () => 3)).toBe(3);
  }
});
