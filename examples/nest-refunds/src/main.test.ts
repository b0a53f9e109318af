import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a refund that is asked for again is made once, by request and by payment', async () => {
  const program = new URL('../dist/main.js', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`refunded 10 of p-1
first request: 201 {"refund":"r-1"}
the same again: 201 {"refund":"r-1"}, replayed
another amount: 422
the same payment under another key: 201 {"refund":"r-1"}
`);
});
