import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('an order that is sent again is taken once, for each customer', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe(`first request: 201 {"order":1,"item":"tea"}
a double click: 201 {"order":1,"item":"tea"}, replayed
another cart: 422
another customer: 201 {"order":2,"item":"tea"}
`);
});
