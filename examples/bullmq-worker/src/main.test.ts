import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a payment is charged once, whatever job it comes with', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`A payment whose first attempt fails:
  charged pay-1 12 EUR, with a key of 43 characters
  job 1: receipt-of-pay-1, attempt 2
The same payment in another job:
  job 2: receipt-of-pay-1, attempt 1
Another payment:
  charged pay-2 30 EUR, with a key of 43 characters
  job 3: receipt-of-pay-2, attempt 1
`);
});
