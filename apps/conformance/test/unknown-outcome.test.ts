import { randomUUID } from 'node:crypto';
import {
  createIdempotency,
  currentExecution,
  type IdempotencyOptions,
  type Probe,
  type Store,
  tiered,
  unknownIfAmbiguous,
} from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, backendNames, startBackend } from './backends.ts';
import { type Bank, type Manner, openBank } from './bank.ts';

const patienceMs = 100;
const manners: readonly Manner[] = ['silent', 'resetting', 'late'];

/** Aborts as a timeout does, a while after the bank has taken the money: a busy machine may take long to ask. */
function givenUpAfterTaking(bank: Bank, key: string): AbortSignal {
  const giving = new AbortController();
  bank.taken(key).then(() =>
    setTimeout(() => {
      giving.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    }, patienceMs),
  );
  return giving.signal;
}

/** Asks the bank for a charge, and waits for its answer as long as the bank is worth. */
async function charge(bank: Bank): Promise<string> {
  const { downstreamKey } = currentExecution();
  const answer = await fetch(bank.url, {
    method: 'POST',
    headers: { 'idempotency-key': downstreamKey },
    signal: bank.manner === 'polite' ? null : givenUpAfterTaking(bank, downstreamKey),
  });
  return answer.text();
}

/** Looks the charge up. */
function probeOf(bank: Bank): Probe {
  return async ({ downstreamKey }) => {
    const found = await fetch(bank.url, { headers: { 'idempotency-key': downstreamKey } });
    return found.ok ? { completed: await found.text() } : 'reexecute';
  };
}

describe.each(backendNames)('%s', (name) => {
  let backend: Backend;
  let stores: Readonly<Record<'alone' | 'behind a tier', Store>>;
  let bank: Bank;
  beforeAll(async () => {
    backend = await startBackend[name]();
    bank = await openBank();
    stores = {
      alone: await backend.open(),
      'behind a tier': tiered([memoryStore(), await backend.open()]),
    };
  });
  afterAll(async () => {
    await bank?.close();
    await backend?.stop();
  });

  const stacks = ['alone', 'behind a tier'] as const;
  const cases = stacks.flatMap((stack) => manners.map((manner) => [stack, manner] as const));

  /** A charge that a bank with these manners leaves unanswered, on a new key. */
  async function unanswered(
    stack: (typeof stacks)[number],
    manner: Manner,
    options: Partial<IdempotencyOptions>,
  ) {
    const idempotency = createIdempotency({
      environment: `unknown-${randomUUID()}`,
      store: stores[stack],
      lease: '60s',
      ...options,
    });
    const pay = idempotency.wrap((_id: string) => charge(bank), {
      operation: 'charge',
      key: (id) => id,
    });
    const id = randomUUID();
    const before = { charges: bank.charges.size, requests: bank.requests };
    bank.manner = manner;
    expect(await pay.settled(id)).toMatchObject({ outcome: 'unknown', started: true });
    bank.manner = 'polite';
    const record = await idempotency.records.get(await pay.idOf(id));
    expect(record).toMatchObject({ status: 'in_progress', attempt: 1 });
    expect(record?.lastError?.message).toBeTruthy();
    const { records } = await idempotency.records.list({ unknown: true });
    expect(records.map((found) => found.id)).toEqual([record!.id]);
    const [counts] = await idempotency.records.stats();
    expect(counts).toMatchObject({ in_progress: 1, stuck: 1, unknown: 1 });
    const done = () => ({
      charges: bank.charges.size - before.charges,
      requests: bank.requests - before.requests,
    });
    return { idempotency, pay, id, record: record!, done };
  }

  it.each(cases)(
    '%s, a %s bank: a probe completes it from what it found, with one effect',
    async (stack, manner) => {
      const own = { abandoned: probeOf(bank) };
      const { pay, id, done, record } = await unanswered(stack, manner, own);
      const found = bank.charges.get(record.id.split('/').at(-1)!);
      expect(await pay.settled(id)).toMatchObject({
        outcome: 'replayed',
        value: found,
        started: false,
        record: { status: 'completed', attempt: 1, settledBy: { by: 'probe' } },
      });
      expect(await pay(id)).toBe(found);
      expect(done()).toEqual({ charges: 1, requests: 1 });
    },
  );

  it.each(cases)(
    '%s, a %s bank: held, it waits for an operator, with one effect',
    async (stack, manner) => {
      const { idempotency, pay, id, record, done } = await unanswered(stack, manner, {
        abandoned: 'hold',
      });
      expect(await pay.settled(id)).toMatchObject({ outcome: 'held', started: false });
      const { records } = await idempotency.records.list({ held: true });
      expect(records.map((held) => held.id)).toEqual([record.id]);
      const verdict = { version: records[0]!.version, by: 'ada', reason: 'seen at the bank' };
      expect(await idempotency.records.complete(record.id, 'by hand', verdict)).toBe(true);
      expect(await pay(id)).toBe('by hand');
      expect(done()).toEqual({ charges: 1, requests: 1 });
    },
  );

  it.each(cases)(
    '%s, a %s bank: executed again, it says so, with one effect',
    async (stack, manner) => {
      const own = { abandoned: 'reexecute', failure: unknownIfAmbiguous } as const;
      const { pay, id, done } = await unanswered(stack, manner, own);
      expect(await pay.settled(id)).toMatchObject({
        outcome: 'executed',
        started: true,
        record: { status: 'completed', attempt: 2 },
      });
      // The bank knew the key: what was executed twice had one effect.
      expect(done()).toEqual({ charges: 1, requests: 2 });
    },
  );

  it.each(stacks)(
    '%s: reconciled, many are settled at once, with one effect each',
    async (stack) => {
      const idempotency = createIdempotency({
        environment: `reconciled-${randomUUID()}`,
        store: stores[stack],
        abandoned: 'hold',
      });
      const pay = idempotency.wrap((_id: string) => charge(bank), {
        operation: 'charge',
        key: (id) => id,
      });
      const ids = Array.from({ length: 25 }, () => randomUUID());
      const before = bank.charges.size;
      bank.manner = 'resetting';
      await Promise.all(ids.map((id) => pay.settled(id)));
      bank.manner = 'polite';
      const done = await idempotency.records.reconcile({ limit: 10 }, probeOf(bank));
      expect(done).toMatchObject({ matched: 25, completed: 25 });
      const found = await Promise.all(ids.map(async (id) => bank.charges.get(await keyOf(id))));
      expect(await Promise.all(ids.map((id) => pay(id)))).toEqual(found);
      expect(bank.charges.size - before).toBe(25);

      async function keyOf(id: string): Promise<string> {
        return (await pay.idOf(id)).split('/').at(-1)!;
      }
    },
  );

  it.each(stacks)('%s: a bank that refuses is no such case: it is called again', async (stack) => {
    const idempotency = createIdempotency({
      environment: `refused-${randomUUID()}`,
      store: stores[stack],
      abandoned: 'hold',
    });
    let isClosed = true;
    const closed = await openBank();
    await closed.close();
    const pay = idempotency.wrap((_id: string) => charge(isClosed ? closed : bank), {
      operation: 'charge',
      key: (id) => id,
    });
    const id = randomUUID();
    expect(await pay.settled(id)).toMatchObject({ outcome: 'failed', started: true });
    isClosed = false;
    expect(await pay.settled(id)).toMatchObject({ outcome: 'executed', record: { attempt: 2 } });
  });
});
