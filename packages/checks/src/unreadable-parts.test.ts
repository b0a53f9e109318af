import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './workspace.ts';

/** What uses a part of a published package that is loaded on demand. `use` answers a code where that fails. */
const programs: Readonly<Record<string, string>> = {
  'core/dist/operator-records.part.js': `
    const { createIdempotency } = await from('core');
    const { memoryStore } = await from('memory');
    const { records } = createIdempotency({ environment: 'test', store: memoryStore() });
    const use = () => records.list().then(() => 'read', ({ code }) => code);`,
  'cli/dist/serve-console.part.js': `
    const { startConsole } = await from('cli');
    const { memoryStore } = await from('memory');
    const end = async (console) => { await console.close(); return 'read'; };
    const use = () => startConsole({ store: memoryStore() }).then(end, ({ code }) => code);`,
  'powertools/dist/redis-table.part.js': `
    const { powertools } = await from('powertools');
    const client = { call: async () => null };
    const adopt = powertools({ redis: { client }, language: 'typescript', keyPrefix: 'charge' });
    const call = { recordId: 'any', operation: 'charge', args: ['p-1'], leaseMs: 1_000 };
    const use = () => adopt(call).then(() => 'read', ({ cause }) => cause.code ?? cause);`,
};

/** Has the first load of the part fail, as for want of file handles, and uses it twice at once, then once more. */
const withUnreadable = (part: string, program: string): string => `
  import { registerHooks } from 'node:module';
  const from = (name) => import(process.argv[1] + '/packages/' + name + '/dist/index.js');
  let isReadable = false;
  registerHooks({
    load(url, context, next) {
      if (isReadable || !url.endsWith('/${part}')) return next(url, context);
      isReadable = true;
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    },
  });
  ${program}
  console.log(JSON.stringify([...(await Promise.all([use(), use()])), await use()]));
`;

test.each(Object.keys(programs))(
  '%s is loaded by the next who needs it, if it could not be read before',
  async (part) => {
    const program = withUnreadable(part, programs[part]!);
    const args = ['--input-type=module', '--eval', program, root];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    // Who asks beside the first may share its fault, or try for itself.
    const [first, , last] = JSON.parse(stdout);
    expect([first, last]).toEqual(['EMFILE', 'read']);
  },
);
