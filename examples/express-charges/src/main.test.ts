import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a charge that is sent again is made once, for each account', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`gateway: charge 1, 1250 cents
first request: 201 ch_1
the same again: 201 ch_1, replayed
another amount: 422 payload_mismatch
gateway: charge 2, 1250 cents
another account: 201 ch_2
no key: 400 key_missing
gateway: charge 3, 500 cents
client: 201 /v1/charges/ch_3
`);
});
