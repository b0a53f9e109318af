import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { describe, expect, test } from 'vitest';
import { backends, closeStoresAfterwards, execute, newApplication } from './backends.ts';
import { importable, newFolder, removeFoldersAfterwards } from './folders.ts';
import { twiceproof, twiceproofJson } from './run-cli.ts';
import { runMain } from './run-main.ts';

removeFoldersAfterwards();
closeStoresAfterwards();

/** A configuration whose store lives as long as the command: with three records of its own. */
function memoryConfig(more = '', options = ''): string {
  return `
import { createIdempotency } from '${importable('@twiceproof/core')}';
import { memoryStore } from '${importable('@twiceproof/memory')}';
import { defineConfig } from '${importable('@twiceproof/cli')}';

const store = memoryStore();
const options = { environment: 'dev', store, ${options} };
const idempotency = createIdempotency(options);
const charge = (key, work) =>
  idempotency.execute({ operation: 'charge', key }, work).catch(() => {});
await charge('p-1', () => ({ paid: 1 }));
await charge('p-2', () => ({ paid: 2 }));
await charge('p-3', () => { throw new Error('gateway is down'); });
await createIdempotency({ environment: 'other', store }).execute({ operation: 'mail', key: 'm-1' }, () => 1);
setInterval(() => {}, 1_000); // what somebody forgot must not keep the command

export default defineConfig({ ...options, ${more} });
`;
}

/** The id that such a key has there. */
const id = (key: string) =>
  execute(createIdempotency({ environment: 'dev', store: memoryStore() }), 'charge', key);

describe('with the memory store of a configuration file', () => {
  const cwd = newFolder({ 'twiceproof.config.mjs': memoryConfig() });

  test('list and stats look at the environment of the configuration, unless told otherwise', async () => {
    const listed = async (...filters: string[]) =>
      (await twiceproof(['list', '-q', ...filters], { cwd })).stdout.trim().split('\n').length;
    expect(await listed()).toBe(3);
    expect(await listed('--all-environments')).toBe(4);
    expect(await listed('--environment', 'other')).toBe(1);
    expect(await twiceproofJson(['stats'], { cwd })).toEqual({
      operations: [
        {
          operation: 'charge',
          in_progress: 0,
          completed: 2,
          failed: 1,
          stuck: 0,
          held: 0,
          unknown: 0,
        },
      ],
    });
  });

  test('every command works', async () => {
    const completed = await id('p-1');
    const failed = await id('p-3');
    const { stdout } = await twiceproof(['id', 'charge', 'p-1'], { cwd });
    expect(stdout).toBe(`${completed}\n`);
    const shown = await twiceproof(['show', completed, '--result'], { cwd });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('{ paid: 1 }');
    const commands = [
      ['release', completed, '--yes'],
      ['complete', failed, '{"paid":3}', '--yes'],
      ['delete', failed, '--yes'],
      ['extend', completed, '-r', '7d', '--yes'],
      ['release', '--where', '--status', 'completed', '--yes'],
      ['setup'],
      ['sweep'],
      ['verify'],
    ];
    for (const command of commands) {
      expect(await twiceproof(command, { cwd }), command.join(' ')).toMatchObject({ code: 0 });
    }
  });
});

test('what applications were told about keys and results is told to the commands', async () => {
  const cwd = newFolder({
    'twiceproof.config.mjs': memoryConfig(
      '',
      `keySecret: 'pepper', encrypt: { current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } }`,
    ),
  });
  const { stdout } = await twiceproof(['id', 'charge', 'p-1'], { cwd });
  const shown = await twiceproof(['show', stdout.trim(), '--result'], { cwd });
  expect(shown.stderr).toBe('');
  expect(shown.stdout).toContain('{ paid: 1 }');
});

test('a result that is encrypted is not shown without the keys', async () => {
  const redis = backends.find(({ name }) => name === 'Redis')!;
  const { url, idempotency } = await newApplication(redis);
  const encrypt = { current: 'k1', keys: { k1: new Uint8Array(32).fill(7) } };
  const id = await execute(idempotency.extend({ encrypt }), 'charge', 'p-1');
  expect(await runMain(['show', id, '--store', url])).toMatchObject({ code: 0 });
  const shown = await runMain(['show', id, '--store', url, '--result']);
  expect(shown.code).toBe(1);
  expect(shown.stderr).toMatch(/^twiceproof: [^\n]*encrypt[^\n]*\n$/);
});

test('instrumentation hears who did what, and why', async () => {
  const instrumentation = `instrumentation: {
    execute: (call, next) => next(),
    operatorAction: (info) => console.error(JSON.stringify(info)),
  }`;
  const cwd = newFolder({ 'twiceproof.config.mjs': memoryConfig(instrumentation) });
  const own = await id('p-1');
  const attributed = ['--by', 'ada', '--reason', 'wrong amount'];
  const { stderr } = await twiceproof(['delete', own, '--yes', ...attributed], { cwd });
  expect(JSON.parse(stderr)).toEqual({
    action: 'delete',
    id: own,
    done: true,
    by: 'ada',
    reason: 'wrong amount',
  });
  const unsaid = await twiceproof(['delete', own, '--yes'], { cwd });
  expect(JSON.parse(unsaid.stderr).by).toMatch(/\S/);
});

test('show has the links of the configuration', async () => {
  const links = `links: { Logs: 'https://logs.example.com/?q={recordId}', Trace: 'https://t.example.com/{traceId}' }`;
  const cwd = newFolder({ 'twiceproof.config.mjs': memoryConfig(links) });
  const own = await id('p-1');
  const record = await twiceproofJson<{ links: object }>(['show', own], { cwd });
  // There is no trace that the other one could lead to.
  expect(record.links).toEqual({
    Logs: `https://logs.example.com/?q=${encodeURIComponent(own)}`,
  });
});

test('paused retirement is respected: nothing is swept, and what expired is still there', async () => {
  const postgres = backends.find(({ name }) => name === 'Postgres')!;
  const { url, idempotency } = await newApplication(postgres);
  await execute(idempotency.extend({ retention: 1 }), 'charge', 'p-1');
  const paused = `${url}&retirement=paused`;
  expect((await runMain(['list', '-q', '--store', url])).stdout).toBe('');
  expect((await runMain(['list', '-q', '--store', paused])).stdout).toMatch(/^prod\/charge/);
  const swept = await runMain(['sweep', '--store', paused]);
  expect(swept).toMatchObject({ code: 1, stdout: '' });
  expect(swept.stderr).toContain('retirement');
});

test.runIf(process.features.typescript)(
  'a configuration may be written in TypeScript',
  async () => {
    const cwd = newFolder({
      'twiceproof.config.ts': `
import { memoryStore } from '${importable('@twiceproof/memory')}';
import { defineConfig, type TwiceproofConfig } from '${importable('@twiceproof/cli')}';
const environment: string = 'typed';
export default defineConfig({ environment, store: memoryStore() }) satisfies TwiceproofConfig;
`,
    });
    expect(await twiceproof(['id', 'charge', 'p-1'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^typed\/charge\/0\//),
    });
  },
);

test('--store and --config go before the file of the folder', async () => {
  const redis = backends.find(({ name }) => name === 'Redis')!;
  const { url } = await newApplication(redis);
  const cwd = newFolder({
    'twiceproof.config.js': 'throw new Error("not this one");',
    'package.json': '{ "type": "module" }',
    'other.mjs': memoryConfig(),
  });
  expect(await twiceproof(['list', '--store', url], { cwd })).toMatchObject({ code: 0 });
  expect(await twiceproof(['list', '--config', 'other.mjs'], { cwd })).toMatchObject({ code: 0 });
});

describe('a broken configuration file is said in one line, and exit code 2', () => {
  const store = `import { memoryStore } from '${importable('@twiceproof/memory')}';`;
  test.each([
    ['syntax', 'export default {', /cannot be loaded: SyntaxError: /],
    ['a fault', 'throw new Error("no\\nvariable");', /cannot be loaded: Error: no variable/],
    [
      'a missing package',
      "import 'no-such-package';",
      /cannot be loaded: Error: Cannot find package/,
    ],
    ['no default export', 'export const config = {};', /exports no configuration; end it with/],
    ['no store', "export default { environment: 'dev' };", /has no store; give one/],
    [
      'a misspelt option',
      `${store} export default { store: memoryStore(), enviroment: 'dev' };`,
      /did you mean 'environment'\?/,
    ],
    [
      'a link that is no URL',
      `${store} export default { store: memoryStore(), links: { x: 'javascript:alert(1)' } };`,
      /links\.x is no URL/,
    ],
  ])('%s', async (_what, text, message) => {
    const cwd = newFolder({ 'twiceproof.config.mjs': text });
    const { code, stdout, stderr } = await twiceproof(['list'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^twiceproof: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  test.each([
    ['a fault', 'throw new Error("no variable");'],
    ['no store', "export default { environment: 'dev' };"],
  ])('with --debug, where it comes from follows: %s', async (_what, text) => {
    const cwd = newFolder({ 'twiceproof.config.mjs': text });
    const { stderr } = await twiceproof(['list', '--debug'], { cwd });
    expect(stderr).toMatch(/^twiceproof: .+\n(.*\n)*? +at /);
  });

  test('TypeScript that this Node does not read', async () => {
    const cwd = newFolder({
      'twiceproof.config.ts': 'enum Colour { Red }\nexport default Colour;',
    });
    const { code, stderr } = await twiceproof(['list'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^twiceproof: twiceproof\.config\.ts cannot be loaded: [^\n]*enum[^\n]*\n$/,
    );
    const options = { cwd, env: { NODE_OPTIONS: '--no-experimental-strip-types' } };
    const unread = await twiceproof(['list'], options);
    expect(unread.code).toBe(2);
    expect(unread.stderr).toMatch(
      /^twiceproof: .* does not read TypeScript; use Node 22\.18 .*\n$/,
    );
  });
});

describe('a configuration whose server is not there', () => {
  const redisConfig = (port: number) => `
import { Redis } from '${importable('ioredis')}';
import { redisStore } from '${importable('@twiceproof/redis')}';
import { defineConfig } from '${importable('@twiceproof/cli')}';
const client = new Redis(${port}, '127.0.0.1');
export default defineConfig({ store: redisStore({ client }), close: () => client.quit() });
`;

  test.each(['list', 'stats', 'console'])(
    '%s says so in one line, as with a URL',
    async (command) => {
      const cwd = newFolder({ 'twiceproof.config.mjs': redisConfig(await unusedPort()) });
      const { code, stdout, stderr } = await twiceproof([command], { cwd });
      expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(
        /^twiceproof: \S+twiceproof\.config\.mjs: nothing listens there; check host and port, and whether it runs\n$/,
      );
    },
  );
});

/** A port on which nothing listens. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
