import { execFile } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Setting } from '../measuring/benchmark.ts';
import type { Comparison, Contender } from '../measuring/comparison.ts';
import { versionOf } from '../measuring/version-of.ts';

const program = fileURLToPath(new URL(`./import-cost${extname(import.meta.url)}`, import.meta.url));
const run = promisify(execFile);

const powertools = '@aws-lambda-powertools/idempotency';
const core = '@twiceproof/core';
const stores = ['memory', 'redis', 'postgres', 'dynamodb', 'sqlite', 'mysql'];

/** What starts cold: a process that imports these, as a function of AWS Lambda does. */
export async function* imports({ uses }: Setting): AsyncIterable<Comparison> {
  uses(powertools, versionOf(powertools));
  yield {
    title: 'cold import',
    atOnce: 1,
    contenders: [
      importing('AWS Powertools', 'peer', [powertools]),
      importing('core', 'ours', [core]),
    ],
  };
  yield {
    title: 'cold import, with DynamoDB and its client',
    atOnce: 1,
    contenders: [
      importing('AWS Powertools', 'peer', [powertools, `${powertools}/dynamodb`]),
      importing('core and dynamodb', 'ours', [
        core,
        '@twiceproof/dynamodb',
        '@aws-sdk/client-dynamodb',
      ]),
    ],
  };
  yield {
    title: 'cold import of each store, without its client',
    atOnce: 1,
    contenders: [
      importing('core', 'floor', [core]),
      ...stores.map((store) =>
        importing(`core and ${store}`, 'ours', [core, `@twiceproof/${store}`]),
      ),
    ],
  };
}

function importing(name: string, role: Contender['role'], modules: readonly string[]): Contender {
  return {
    name,
    role,
    sample: async () => {
      const { stdout } = await run(process.execPath, [program, ...modules]);
      return { import: Number(stdout) };
    },
  };
}
