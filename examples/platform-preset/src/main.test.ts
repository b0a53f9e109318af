import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('both services do everything once, and operators see the records of both', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`first delivery
billing: charged 42 for pay-1
shipping: sent o-1 for alice
shipping: sent o-1 for bob
second delivery
another amount: FINGERPRINT_MISMATCH
records
billing.charge, no scope: completed, kept for 90 days
shipping.ship, alice: completed, kept for 7 days
shipping.ship, bob: completed, kept for 7 days
`);
});
