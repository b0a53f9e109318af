import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the order is charged once, although its process dies, and finished by the next one', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout.replace(/key [\w-]{43}\n/, 'key …\n')).toBe(`first process
charge: 42 EUR, with the key …
(ended by SIGKILL)

second process
ship: paid by pay-o-1
confirm: parcel-o-1 is on its way
executed: parcel-o-1

the order comes once more
replayed: parcel-o-1

`);
});
