import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Ledger, mendLedger, openLedger } from './ledger.ts';
import { auditLedger, duplicatesOf } from './ledger-audit.ts';

function newLedger(): Ledger {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-ledger-'));
  const ledger = openLedger(join(folder, 'ledger.ndjson'));
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true });
  });
  return ledger;
}

function note(ledger: Ledger, phase: 'begin' | 'done', fence: number, step = 'charge-A'): void {
  const result = phase === 'done' ? { payment: `pay_${fence}` } : undefined;
  ledger.append({
    phase,
    effect: 'charge',
    order: 'A',
    run: 0,
    step,
    fence,
    downstreamKey: 'k',
    result,
  });
}

test('an effect that began and ended once is neither duplicate nor interrupted', async () => {
  const ledger = newLedger();
  note(ledger, 'begin', 1);
  note(ledger, 'done', 1);
  const step = (await auditLedger(ledger.path)).steps.get('charge-A')!;
  expect(step).toMatchObject({ done: 1, interrupted: 0, result: { payment: 'pay_1' } });
  expect(duplicatesOf(step)).toBe(0);
});

test('an effect that ended twice is a duplicate, whoever began it', async () => {
  const ledger = newLedger();
  note(ledger, 'begin', 1);
  note(ledger, 'begin', 2);
  note(ledger, 'done', 2);
  note(ledger, 'done', 1);
  const step = (await auditLedger(ledger.path)).steps.get('charge-A')!;
  expect(duplicatesOf(step)).toBe(1);
});

test('an effect that began and never ended is interrupted; its repetition is no duplicate', async () => {
  const ledger = newLedger();
  note(ledger, 'begin', 1);
  note(ledger, 'begin', 2);
  note(ledger, 'done', 2);
  const step = (await auditLedger(ledger.path)).steps.get('charge-A')!;
  expect(step).toMatchObject({ done: 1, interrupted: 1 });
  expect(duplicatesOf(step)).toBe(0);
});

test('tells which steps this run of the program had a part in', async () => {
  const ledger = newLedger();
  note(ledger, 'begin', 1, 'interrupted-before');
  note(ledger, 'begin', 1, 'long-done');
  note(ledger, 'done', 1, 'long-done');
  const since = mendLedger(ledger.path);
  note(ledger, 'begin', 2, 'interrupted-before');
  note(ledger, 'done', 2, 'interrupted-before');
  const { steps } = await auditLedger(ledger.path, since);
  expect([...steps].filter(([, { touched }]) => touched).map(([id]) => id)).toEqual([
    'interrupted-before',
  ]);
});

test('a line that a power cut left unfinished is ended, and told', async () => {
  const ledger = newLedger();
  note(ledger, 'begin', 1);
  appendFileSync(ledger.path, '{"phase":"do');
  mendLedger(ledger.path);
  note(ledger, 'done', 1);
  const audit = await auditLedger(ledger.path);
  expect(audit.unreadable).toEqual([2]);
  expect(audit.steps.get('charge-A')).toMatchObject({ done: 1, interrupted: 0 });
});
