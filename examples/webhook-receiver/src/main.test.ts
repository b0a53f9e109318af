import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('two instances take each event once, and no forged one', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`inv-1, delivered to both: 200 and 200
inv-2, delivered to both: 200 and 200
inv-1, delivered to both: 200 and 200
inv-2, delivered to both: 200 and 200
forged: 401
events taken: 2
`);
});
