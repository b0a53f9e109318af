import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('each payment is charged once, by whichever worker, and what cannot be charged is a dead letter', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const [first = '', second = '', third = ''] = stdout.split('\n\n');
  expect(first.split('\n').sort()).toEqual([
    'worker 1: charged pay-1 12 EUR',
    'worker 1: charged pay-2 30 EUR',
    'worker 1: pay-1 is done with',
    'worker 1: pay-1 is done with',
    'worker 1: pay-2 is done with',
  ]);
  expect(second.split('\n').slice(1)).toEqual([
    'worker 2: pay-1 is done with',
    'worker 3: pay-1 is done with',
  ]);
  // Two receives each, and no charge.
  for (const left of ['FINGERPRINT_MISMATCH', 'pay-3: 5000 EUR are too much', 'Unexpected token']) {
    expect(third.split('\n').filter((line) => line.includes(`left, ${left}`))).toHaveLength(2);
  }
  expect(third).not.toContain('charged');
  expect(third).toContain('dead letters: 3');
});
