import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { createIdempotency } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { sqsBatch } from '@twiceproof/lambda';
import { idempotent } from '@twiceproof/lambda/middy';
import { memoryStore } from '@twiceproof/memory';

const idempotency = createIdempotency({ environment: 'bundle', store: memoryStore() });
export const store = dynamodbStore({ client: new DynamoDBClient({}), table: 'idempotency' });
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

// As the README gives them. An ES module has no require(), which the SDK's CommonJS files would call.
const builds = {
  cjs: { outfile: 'index.cjs' },
  esm: { outfile: 'index.mjs', mainFields: ['module', 'main'] },
} satisfies Record<string, BuildOptions>;

test.each(['cjs', 'esm'] as const)(
  'handlers and a store run as one file, as esbuild makes it: %s',
  async (format) => {
    const { outfile: name, ...own } = builds[format];
    const outfile = join(folder, name);
    const result = await build({
      stdin: { contents: program, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      format,
      minify: true,
      outfile,
      logLevel: 'silent',
      ...own,
    });
    expect(result.warnings).toEqual([]);
    const run = `
    const record = (messageId) => ({ messageId, body: '', eventSource: 'aws:sqs' });
    const event = { Records: [record('a'), record('b'), record('a')] };
    (async () => {
      const { batch, chain, count } = await import(${JSON.stringify(outfile)});
      const answers = [await batch(event), await batch(event)];
      await chain({ id: 'c' }, {});
      await chain({ id: 'c' }, {});
      console.log(JSON.stringify({ answers, effects: count() }));
    })();
  `;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', run], { cwd: folder });
    const answer = { batchItemFailures: [] };
    expect(JSON.parse(stdout)).toEqual({ answers: [answer, answer], effects: 3 });
  },
);
