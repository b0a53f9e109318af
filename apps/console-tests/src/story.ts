import { createIdempotency, type Idempotency, type Store } from '@twiceproof/core';
import { postgresStore } from '@twiceproof/postgres';
import type { Pool } from 'pg';

/** A week of a shop, with something to look at for operators. Answers what its console shows. */
export async function tellStory(
  client: Pool,
): Promise<{ readonly store: Store; readonly idempotency: Idempotency }> {
  const store = postgresStore({ client, schema: 'shop' });
  await store.setup();
  await client.query(past, [280_000]);
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const idempotency = createIdempotency({
    environment: 'prod',
    store,
    retention: '7d',
    instrumentation: { execute: (_call, next) => next(), traceparent: () => trace },
  });
  const set = (key: string, changes: string) =>
    client.query(`UPDATE shop.twiceproof_records SET ${changes} WHERE key_preview = $1`, [key]);
  const ago = (minutes: number) => `${now} - ${Math.round(minutes * 60_000)}`;

  const charge = idempotency.wrap(
    async (payment: { readonly id: string; readonly cents: number; readonly fails?: string }) => {
      if (payment.fails) throw Object.assign(new Error(payment.fails), { name: 'GatewayError' });
      return {
        receipt: `rcpt_${payment.id.slice(4)}x7`,
        cents: BigInt(payment.cents),
        at: new Date('2026-03-02T09:14:07.318Z'),
        fees: new Map([['acquirer', 27n]]),
        method: { kind: 'card', brand: 'visa', last4: '4242' },
      };
    },
    { operation: 'charge-payment', key: ({ id }) => id, input: ({ id, cents }) => ({ id, cents }) },
  );
  const settled = async (id: string, cents: number, minutes: number, fails?: string) => {
    await charge({ id, cents, ...(fails && { fails }) }).catch(() => {});
    await set(
      id,
      `created_at = ${ago(minutes + (fails ? 9 : 0))}, started_at = ${ago(minutes)},
       completed_at = ${ago(minutes)} + 418, expires_at = ${ago(minutes - 10_080)}`,
    );
  };
  await settled('pay-284410', 12_990, 0.2);
  await settled('pay-284402', 4_200, 1.4, 'card declined: insufficient funds');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await settled(
      'pay-284391',
      8_450,
      4,
      'acquirer did not answer within 30 s (connect ETIMEDOUT)',
    );
  }
  await settled('pay-284377', 2_100, 7, 'card declined: expired');

  const label = idempotency.wrap(async (_parcel: object) => {}, {
    operation: 'create-shipping-label',
    key: (parcel) => parcel as { order: string },
  });
  for (const [parcel, minutes, abandoned] of [
    [{ order: 'o-88213', parcel: 1 }, 12, 'hold'],
    [{ order: 'o-88190', parcel: 2 }, 41, 'reexecute'],
  ] as const) {
    await claim(
      store,
      await label.idOf(parcel),
      'create-shipping-label',
      JSON.stringify(parcel),
      trace,
      abandoned,
    );
    await set(
      JSON.stringify(parcel),
      `created_at = ${ago(minutes)}, started_at = ${ago(minutes)}, lease_until = ${ago(minutes - 0.5)}`,
    );
  }
  const day = 's3://imports/2026-03-02/orders-0007.ndjson';
  await claim(store, `prod/import-orders/0/${'Qm3x'.repeat(10)}Qm0`, 'import-orders', day, trace);
  await set(day, `started_at = ${ago(0.6)}, created_at = ${ago(0.6)}`);
  await client.query('ANALYZE shop.twiceproof_records');
  return { store, idempotency };
}

async function claim(
  store: Store,
  id: string,
  operation: string,
  keyPreview: string,
  traceparent: string,
  abandoned: 'reexecute' | 'hold' = 'reexecute',
): Promise<void> {
  await store.acquire({
    id,
    environment: 'prod',
    operation,
    run: 0,
    token: 'of nobody',
    leaseMs: 3_600_000,
    retentionMs: abandoned === 'hold' ? null : 86_400_000,
    keyPreview,
    inputPreview: keyPreview,
    traceparent,
    abandoned,
    formatVersion: 1,
  });
}

const now = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

const past = `
INSERT INTO shop.twiceproof_records (
  id, environment, operation, run, token, fence, attempt, format_version, created_at, started_at,
  lease_until, completed_at, expires_at, status, key_preview, input_preview, error_name, error_message)
SELECT
  'prod/' || operation || '/0/' || translate(rpad(encode(sha256(n::text::bytea), 'base64'), 42), '+/=', '-_A') || 'A',
  'prod', operation, 0, 'token', n, 1 + (n % 97 = 0)::int, 1, at, at, at + 30000,
  at + 40 + n * 7919 % 900, at + 604800000, CASE WHEN n % 1531 = 0 THEN 'failed' ELSE 'completed' END,
  CASE operation
    WHEN 'charge-payment' THEN 'pay-' || (4000 + n)
    WHEN 'send-confirmation' THEN '["u-' || (n * 31 % 90000) || '","order-confirmed"]'
    WHEN 'create-shipping-label' THEN '{"order":"o-' || (n * 17 % 90000) || '","parcel":1}'
    WHEN 'reserve-stock' THEN '{"order":"o-' || (n * 17 % 90000) || '","sku":"A-' || (n % 800) || '"}'
    ELSE 'le-' || n END,
  CASE operation
    WHEN 'charge-payment' THEN '{"id":"pay-' || (4000 + n) || '","cents":' || (900 + n * 37 % 20000) || '}'
    END,
  CASE WHEN n % 1531 = 0 THEN 'Error' END,
  CASE WHEN n % 1531 = 0 THEN 'upstream answered 503' END
FROM (
  SELECT n, ${now} - 9000 - n * 317 % 7000
    - least($1::bigint - n, 400) * 26000 - greatest($1::bigint - n - 400, 0) * 2000 AS at,
    (ARRAY['charge-payment', 'reserve-stock', 'send-confirmation', 'charge-payment',
      'create-shipping-label', 'sync-ledger', 'reserve-stock'])[1 + n * 7919 % 7] AS operation
  FROM generate_series(1, $1::bigint) AS n
) AS made`;
