import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = `
import middy from '@middy/core';
import { createIdempotency } from '@twiceproof/core';
import { sqsBatch } from '@twiceproof/lambda';
import { idempotent } from '@twiceproof/lambda/middy';
import { memoryStore } from '@twiceproof/memory';

const idempotency = createIdempotency({ environment: 'bundle', store: memoryStore() });
let effects = 0;
export const batch = sqsBatch(idempotency, { operation: 'batch' }, async () => { effects += 1; });
export const chain = middy(async () => { effects += 1; }).use(
  idempotent(idempotency, { operation: 'chain', key: (event) => event.id }),
);
export const count = () => effects;
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-lambda-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('handlers run as one CommonJS file, as esbuild makes it', async () => {
  const outfile = join(folder, 'index.cjs');
  const result = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    minify: true,
    outfile,
    logLevel: 'silent',
  });
  expect(result.warnings).toEqual([]);
  const run = `
    const { batch, chain, count } = require(${JSON.stringify(outfile)});
    const record = (messageId) => ({ messageId, body: '', eventSource: 'aws:sqs' });
    const event = { Records: [record('a'), record('b'), record('a')] };
    (async () => {
      const answers = [await batch(event), await batch(event)];
      await chain({ id: 'c' }, {});
      await chain({ id: 'c' }, {});
      console.log(JSON.stringify({ answers, effects: count() }));
    })();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', run], { cwd: folder });
  const answer = { batchItemFailures: [] };
  expect(JSON.parse(stdout)).toEqual({ answers: [answer, answer], effects: 3 });
});
