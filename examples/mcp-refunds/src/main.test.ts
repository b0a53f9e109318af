import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a client that gives up waiting and calls again in other words is refunded once', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'bank: 42 EUR for o-1',
    expect.stringMatching(/^agent: .*Request timed out/),
    expect.stringMatching(/^agent: 'refund' for orderId 'o-1', amount 42 is being done right now/),
    expect.stringMatching(/^agent: 'refund' was already done before .* Refunded 42 EUR\.$/),
  ]);
});
