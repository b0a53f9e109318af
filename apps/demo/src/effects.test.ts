import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdempotency, type Idempotency, type Store } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { expect, onTestFinished, test } from 'vitest';
import { type EffectOptions, effectsOn } from './effects.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { auditLedger } from './ledger-audit.ts';
import { orderPipeline } from './pipeline.ts';

function newLedger(): Ledger {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-effects-'));
  const ledger = openLedger(join(folder, 'ledger.ndjson'));
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true });
  });
  return ledger;
}

function deployedOn(store: Store): Idempotency {
  return createIdempotency({
    environment: 'test',
    store,
    lease: '2s',
    storeTimeout: '500ms',
    inProgress: 'wait',
  });
}

function pipelineOn(
  idempotency: Idempotency,
  ledger: Ledger,
  during?: EffectOptions['during'],
): ReturnType<typeof orderPipeline> {
  const options = { ledger, effectMs: 0, fail: undefined };
  return orderPipeline(idempotency, effectsOn(during ? { ...options, during } : options));
}

async function doneIn(ledger: Ledger): Promise<Record<string, number>> {
  const { steps } = await auditLedger(ledger.path);
  return Object.fromEntries([...steps.values()].map(({ effect, done }) => [effect, done]));
}

test('an effect whose outcome could not be recorded is found at its provider, and not done again', async () => {
  const store = memoryStore();
  const ledger = newLedger();
  const complete = () => Promise.reject(new Error('the database is gone'));
  const ending = deployedOn({ ...store, complete });
  await expect(pipelineOn(ending, ledger)({ id: 'A' })).rejects.toThrow('STORE_UNAVAILABLE');
  // As long as its process lives, it goes on trying to record what it did.
  await ending.close({ timeout: 1 });
  expect(await doneIn(ledger)).toEqual({ charge: 1 });

  await pipelineOn(deployedOn(store), ledger)({ id: 'A' });
  expect(await doneIn(ledger)).toEqual({ charge: 1, ship: 1, notify: 1 });
});

test('an attempt that does not know yet that another one took over is refused by the provider', async () => {
  const ledger = newLedger();
  const pipeline = pipelineOn(deployedOn(memoryStore()), ledger, async () => {
    const [begin] = ledger.readFrom(0).map((line) => JSON.parse(line));
    ledger.append({ ...begin, fence: begin.fence + 1 });
  });
  await expect(pipeline({ id: 'A' })).rejects.toThrow('the payment provider has seen a later');
  expect(await doneIn(ledger)).toEqual({ charge: 0 });
});
