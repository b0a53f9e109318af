import { type Claim, recordVersion, type StoredRecord } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { claimed } from './claimed.ts';
import { judge } from './judge.ts';
import { releasing } from './settle.ts';

const claim: Claim = {
  id: 'test/pay/0/abc',
  environment: 'test',
  operation: 'pay',
  run: 0,
  token: 'mine',
  leaseMs: 1_000,
  retentionMs: 5_000,
  fingerprint: 'one payload',
  abandoned: 'reexecute',
  formatVersion: 1,
};
const rival: Claim = { ...claim, token: 'another' };
const held: StoredRecord = { ...claimed(claim, undefined, 0), fence: 1 };
const error = { name: 'Error', message: 'no' };
const ended = (unknown: boolean): StoredRecord => {
  const settled = releasing('mine', { error, retentionMs: null, unknown }, 10_000)(held, 500);
  if (settled.status !== 'done') throw new Error(settled.status);
  return settled.record;
};

test.each<[string, StoredRecord, Claim, number, string]>([
  ['its own record, sent again', held, claim, 500, 'acquired'],
  ['a live lease', held, rival, 999, 'existing'],
  ['an abandoned record', held, rival, 1_000, 'granted'],
  [
    'an abandoned record that is to be held',
    held,
    { ...rival, abandoned: 'hold' },
    2_000,
    'existing',
  ],
  [
    'an abandoned record of another payload',
    held,
    { ...rival, fingerprint: 'two' },
    2_000,
    'existing',
  ],
  ['a failed record', ended(false), rival, 600, 'granted'],
  ['an unknown outcome, its lease not over by the clock', ended(true), rival, 600, 'granted'],
  [
    'a version that is there',
    ended(false),
    { ...rival, supersedes: recordVersion(ended(false)) },
    600,
    'granted',
  ],
  [
    'a version that is gone',
    ended(false),
    { ...rival, supersedes: '9.failed.never' },
    600,
    'existing',
  ],
])('a claim for %s', (_what, record, asked, now, expected) => {
  expect(judge(record, asked, now)?.status ?? 'granted').toBe(expected);
});

test('a claim that settles only counts as no attempt', () => {
  const last = ended(false);
  expect(claimed(rival, last, 2_000)).toMatchObject({ attempt: 2, createdAt: 0 });
  expect(claimed({ ...rival, settlesOnly: true }, last, 2_000)).toMatchObject({ attempt: 1 });
});
