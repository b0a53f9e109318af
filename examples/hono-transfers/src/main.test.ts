import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('money is moved once for each key, and not at all where something fails', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`30 to bob: 201 {"left":70}
the same again: 201 {"left":70}, replayed
after ten at once: 201 {"left":65}, replayed
more than there is: 500 Internal Server Error
ada: 65, bob: 35
`);
});
