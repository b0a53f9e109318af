import { setTimeout as delay } from 'node:timers/promises';
import { createIdempotency, type Idempotency, outcomeUnknown } from '@twiceproof/core';
import type { ScenarioStores } from './stores.ts';

/** Something that goes wrong in production now and then. */
export type Incident = () => Promise<void>;

/** One for each way in which a call can end badly. */
export function incidentsOn(stores: ScenarioStores): readonly Incident[] {
  const idempotency = createIdempotency({ environment: 'shop', store: stores.redis });
  const outage = createIdempotency({
    environment: 'shop',
    store: stores.unreachable,
    storeTimeout: 60,
  });
  const disabled = idempotency.extend({ enabled: false });
  return [
    () => twoAtOnce(idempotency),
    () => oneWaits(idempotency),
    () => anotherPayload(idempotency),
    () => lostLease(idempotency),
    () => heldForOperator(idempotency),
    () => recordedFailure(idempotency),
    () => noAnswer(idempotency),
    () => tooSlow(idempotency),
    () => rehearsal(idempotency),
    () => refused(outage.execute({ operation: 'sync-ledger', key: newId() }, () => {})),
    async () => void (await disabled.execute({ operation: 'local-run', key: newId() }, () => {})),
  ];
}

let ids = 0;
const newId = (): string => `incident-${ids++}`;

/** A refusal is what the incident is about. */
async function refused(call: Promise<unknown>): Promise<void> {
  await call.catch(() => {});
}

async function twoAtOnce(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'import-file', key: newId() };
  const first = idempotency.execute(work, () => delay(40));
  await refused(idempotency.execute(work, () => {}));
  await first;
}

async function oneWaits(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'reserve-stock', key: newId(), inProgress: 'wait' } as const;
  await Promise.all([
    idempotency.execute(work, () => delay(30)),
    idempotency.execute(work, () => delay(30)),
  ]);
}

async function anotherPayload(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'import-file', key: newId() };
  await idempotency.execute({ ...work, fingerprint: 'v1' }, () => {});
  await refused(idempotency.execute({ ...work, fingerprint: 'v2' }, () => {}));
}

async function lostLease(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'export-report', key: newId(), lease: 100, heartbeat: false };
  const late = refused(idempotency.execute(work, () => delay(400)));
  await delay(200);
  // On a machine that is busy enough it loses its lease, too.
  await refused(idempotency.execute(work, () => {}));
  await late;
}

async function heldForOperator(idempotency: Idempotency): Promise<void> {
  const work = {
    operation: 'pay-supplier',
    key: newId(),
    lease: 100,
    heartbeat: false,
    abandoned: 'hold',
  } as const;
  const stalled = refused(idempotency.execute(work, () => delay(400)));
  await delay(200);
  await refused(idempotency.execute(work, () => {}));
  await stalled;
}

async function noAnswer(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'pay-supplier', key: newId(), abandoned: 'hold' } as const;
  await refused(
    idempotency.execute(work, () => {
      throw outcomeUnknown(new Error('the bank did not answer'));
    }),
  );
}

async function tooSlow(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'pay-supplier', key: newId(), maxDuration: 50 };
  await refused(idempotency.execute(work, () => delay(400)));
}

/** What would be idempotent tomorrow. */
async function rehearsal(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'send-invoice', key: newId(), enabled: 'shadow' } as const;
  for (let delivery = 0; delivery < 2; delivery++) await idempotency.execute(work, () => {});
}

class MailboxFull extends Error {
  override readonly name = 'MailboxFull';
}

async function recordedFailure(idempotency: Idempotency): Promise<void> {
  const work = { operation: 'notify-customer', key: newId(), failure: 'record' } as const;
  for (let delivery = 0; delivery < 2; delivery++) {
    await refused(
      idempotency.execute(work, () => {
        throw new MailboxFull('552');
      }),
    );
  }
}
