import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { root } from '../src/workspace.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';
import { triedOn } from './where-it-runs.ts';

const minutes = 60_000;

const text = `import { createIdempotency, type Idempotency, isIdempotencyError } from '@twiceproof/core';
import { idempotencyKey } from '@twiceproof/http';
import { wasReplayed, withIdempotencyKey } from '@twiceproof/http/client';
import { memoryStore } from '@twiceproof/memory';

const idempotency: Idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
const charge = idempotency.wrap(async (order: { id: string }) => ({ receipt: order.id }), {
  operation: 'charge',
  key: (order) => order.id,
});
export const POST: (request: Request) => Promise<Response> = idempotencyKey(
  { idempotency, operation: 'create', scope: 'public' },
  async (request) => Response.json(await charge({ id: request.url })),
);
export async function send(url: string): Promise<string> {
  try {
    const response = await withIdempotencyKey(fetch)(url, { method: 'POST' });
    return wasReplayed(response) ? 'replayed' : (await charge({ id: url })).receipt;
  } catch (error) {
    return isIdempotencyError(error, 'IN_PROGRESS') ? error.code : 'other';
  }
}
// @ts-expect-error: receipts are text, in every compiler and however modules are found
export const wrong: number = (await charge({ id: 'a' })).receipt;
`;

const fromCore = createRequire(join(root, 'packages/core/package.json'));

/** The compilers of the workspace, by what they say they are. */
const compilers = new Map(
  ['typescript-5.4', 'typescript-5.6', 'typescript-5.9', 'typescript-6', 'typescript'].map(
    (name) => {
      const folder = dirname(fromCore.resolve(`${name}/package.json`));
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const [major, minor] = (version as string).split('.');
      return [Number(major) > 5 ? major! : `${major}.${minor}`, join(folder, 'bin/tsc')];
    },
  ),
);

let project: Project;
beforeAll(async () => {
  project = createProject();
  const ours = ['core', 'memory', 'http'].map((name) => tarball(`@twiceproof/${name}`));
  await project.install(...ours, sameVersion('@types/node'));
  writeFileSync(join(project.folder, 'package.json'), '{ "type": "module" }\n');
}, 5 * minutes);
afterAll(() => project.remove(), minutes);

test('every compiler of the workspace is on the page, and no other', () => {
  expect(triedOn('TypeScript')).toEqual([...compilers.keys()]);
});

describe.each(triedOn('TypeScript'))('TypeScript %s', (version) => {
  test.each(triedOn('moduleResolution'))(
    'finds the types with moduleResolution %s',
    { timeout: minutes },
    async (resolution) => {
      const folder = join(project.folder, `${version}-${resolution}`);
      mkdirSync(folder);
      writeFileSync(join(folder, 'main.ts'), text);
      const compilerOptions = {
        target: 'es2022',
        module: resolution === 'bundler' ? 'esnext' : resolution,
        moduleResolution: resolution,
        lib: ['es2022'],
        types: ['node'],
        strict: true,
        // Once for each compiler: it takes most of the time. What is not found is any, and seen below.
        skipLibCheck: resolution !== 'nodenext',
        noEmit: true,
      };
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['main.ts'] }),
      );
      const args = [compilers.get(version)!, '-p', folder, '--pretty', 'false'];
      const { output } = await command(process.execPath, args, { cwd: folder });
      // What Node's own types ask of an old compiler is not ours to mend.
      expect(
        output.split('\n').filter((line) => !/node_modules\/@types\/|^\s|^$/.test(line)),
      ).toEqual([]);
    },
  );
});
