import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a charge that is taken and never answered is taken once', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`first call: unknown, 1 charge taken
second call: replayed, 1 charge taken
it gets ch-o-1, which the probe found
`);
});
