import { isIdempotencyError } from '@twiceproof/core';
import { close, records } from '#platform';
import { charge } from './services/billing.ts';
import { ship } from './services/shipping.ts';

const days = 86_400_000;

for (const delivery of ['first', 'second']) {
  console.log(`${delivery} delivery`);
  await charge({ paymentId: 'pay-1', amount: 42 });
  await ship('alice', 'o-1');
  await ship('bob', 'o-1');
}

try {
  await charge({ paymentId: 'pay-1', amount: 4_200 });
} catch (error) {
  if (isIdempotencyError(error)) console.log(`another amount: ${error.code}`);
}

console.log('records');
for (const record of (await records.list({})).records.toReversed()) {
  const { operation, scope = 'no scope', status, expiresAt, completedAt } = record;
  const kept = Math.round((expiresAt! - completedAt!) / days);
  console.log(`${operation}, ${scope}: ${status}, kept for ${kept} days`);
}
await close();
