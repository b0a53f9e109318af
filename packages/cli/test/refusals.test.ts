import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { startRedis } from '@twiceproof/engines';
import { describe, expect, inject, test } from 'vitest';
import { backends, closeStoresAfterwards, execute, fail, newApplication } from './backends.ts';
import { newFolder, removeFoldersAfterwards } from './folders.ts';
import { type Ended, type RunOptions, twiceproof } from './run-cli.ts';
import { runMain } from './run-main.ts';

closeStoresAfterwards();
removeFoldersAfterwards();

/** Runs a command that has to end with one line on stderr, and answers the line. */
async function refused(code: number, args: readonly string[], options?: RunOptions) {
  return lineOf(code, await twiceproof(args, options));
}

function lineOf(code: number, { stderr, ...ended }: Ended): string {
  expect(ended, stderr).toEqual({ code, stdout: '' });
  expect(stderr).toMatch(/^twiceproof: [^\n]+\n$/);
  return stderr;
}

const nowhere = newFolder();

describe('wrong URLs', () => {
  test.each([
    ['nonsense', /is no URL; give postgres:/],
    ['mongodb://localhost/shop', /mongodb:\/\/ is no kind of store; give postgres:/],
    ['redis://localhost?prefx=a', /has no option 'prefx'; it has prefix/],
    ['redis://localhost/shop', /a database of Redis is a number/],
    ['redis://localhost?retirement=off', /give 'on' or 'paused'/],
    ['redis://a:1,b:2', /give redis-cluster/],
    ['redis-sentinel://localhost', /names no master/],
    ['dynamodb://eu-central-1', /names no table/],
    ['dynamodb://eu-central-1/t?attributes.nope=x', /attributes\.nope is not an attribute/],
    ['postgres://localhost/shop?table=a;b', /table is "a;b"/],
    ['postgres://a,b/shop', /names several servers/],
  ])('%s', async (url, message) => {
    const ended = await runMain(['list', '--store', url]);
    expect(lineOf(2, ended)).toMatch(message);
  });

  test('no store at all', async () => {
    expect(await refused(2, ['list'], { cwd: nowhere })).toMatch(/no store is given: --store/);
  });
});

describe('stores that cannot be used', () => {
  test('nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const urls = [
      `redis://127.0.0.1:${port}`,
      `redis-cluster://127.0.0.1:${port}`,
      `redis-sentinel://127.0.0.1:${port}/main`,
      `postgres://someone:secret@127.0.0.1:${port}/shop`,
      `dynamodb://eu-central-1/records?endpoint=http://127.0.0.1:${port}`,
    ];
    for (const url of urls) {
      const line = lineOf(3, await runMain(['list', '--store', url]));
      expect(line).toMatch(/nothing listens|cannot be reached/);
      expect(line).not.toContain('secret');
    }
    await refused(3, ['list', '--store', urls[0]!]);
  });

  test('a host without an address', async () => {
    const line = lineOf(3, await runMain(['list', '--store', 'redis://no-such-host.invalid']));
    expect(line).toMatch(/its host has no address/);
  });

  test('a wrong password', async () => {
    const redis = await startRedis({ config: ['--requirepass', 'right'] });
    const address = redis.url.slice('redis://'.length);
    expect(lineOf(3, await runMain(['list', '--store', redis.url]))).toMatch(/wants a password/);
    const line = lineOf(3, await runMain(['list', '--store', `redis://:wrong@${address}`]));
    expect(line).toMatch(/refuses user name or password/);
    expect(line).not.toContain('wrong@');
    const right = await runMain(['list', '--store', `redis://:right@${address}`]);
    expect(right).toMatchObject({ code: 0 });
    await redis.stop();
  });

  test('a database or a table that is not there', async () => {
    const url = new URL(inject('postgres'));
    expect(lineOf(3, await runMain(['stats', '--store', `${url}?table=nothing`]))).toMatch(
      /twiceproof setup/,
    );
    url.pathname = '/nothing';
    expect(lineOf(3, await runMain(['stats', '--store', url.href]))).toMatch(
      /database does not exist/,
    );
    const table = `dynamodb://eu-central-1/nothing?endpoint=${inject('dynamodb')}`;
    expect(lineOf(3, await runMain(['stats', '--store', table]))).toMatch(/twiceproof setup/);
  });

  test('credentials that are missing', async () => {
    const none = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const env = { ...none, AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
    const url = `dynamodb://eu-central-1/records?endpoint=${inject('dynamodb')}`;
    expect(await refused(3, ['list', '--store', url], { env })).toMatch(/no credentials/);
  });
});

describe('wrong command lines', () => {
  test.each([
    [['lst'], /unknown command 'lst' \(Did you mean list\?\)/],
    [['list', '--stuk'], /unknown option '--stuk' \(Did you mean --stuck\?\)/],
    [['list', '--limit', '0'], /Give a number above 0/],
    [
      ['list', '--status', 'done'],
      /Allowed choices are in_progress, completed, failed, stuck, held, unknown/,
    ],
    [['stats', '--status', 'held'], /stats has a column for each/],
    [['list', '--started-after', 'yesterday'], /Give how long ago/],
    [['list', '--all', '--limit', '3'], /contradict each other/],
    [['list', '-e', 'a', '--all-environments'], /contradict each other/],
    [['show'], /missing required argument 'id'/],
    [['show', 'a b'], /is no record id; give one such as/],
    [['release'], /give the ids of records, or --where/],
    [['release', '--where'], /--where needs a filter/],
    [['delete'], /give the ids of records, or --where/],
    [['delete', '--where'], /--where needs a filter/],
    [['delete', '--where', '-o', 'b', '--steps'], /--steps is about single workflows/],
    [['release', 'prod/a', '--where', '-o', 'b'], /contradict each other/],
    [['release', '--operation', 'b'], /give --where with them/],
    [['extend', 'prod/a'], /required option '-r, --retention <duration>'/],
    [['extend', 'prod/a', '-r', 'soon'], /Give a duration/],
    [['complete', 'prod/a', 'paid', '--yes'], /is no JSON; text wants quotes of its own: '"paid"'/],
    [['complete', 'prod/a', '-'], /give --yes with it/],
    [
      ['complete', 'prod/a', '{"id":9007199254740993}'],
      /9007199254740993 cannot be recorded exactly/,
    ],
    [['delete', '--where', '--text', '', '--yes'], /--text <text>' .* It is empty/],
    [['release', '--where', '--id-prefix', '', '--yes'], /--id-prefix <prefix>' .* It is empty/],
    [['list', '--operation', ''], /--operation <name>' .* It is empty/],
    [['list', '--config', 'twiceproof.config.ts'], /--store and --config contradict each other/],
    [['id', 'charge', 'p-1'], /give --environment/],
    [['id', 'charge', '{', '--typed', '-e', 'prod'], /the key is no JSON/],
    [['id', 'charge', 'null', '--typed', '-e', 'prod'], /the key of 'charge' is null/],
    [['setup', '--sql'], /--sql is for Postgres/],
  ])('%j', async (args, message) => {
    const store = args[0] === 'id' ? [] : ['--store', inject('redis')];
    const ended = await runMain([...args, ...store]);
    expect(lineOf(2, ended)).toMatch(message);
  });
});

describe.each(backends)('records on $name', (backend) => {
  test('that are not there, or are more than one', async () => {
    const { url, idempotency } = await newApplication(backend);
    const first = await execute(idempotency, 'charge', 'p-1', fail);
    const second = await execute(idempotency, 'charge', 'p-2', fail);
    const unknown = first.replace(/.$/, first.endsWith('A') ? 'E' : 'A');
    for (const id of [unknown, 'prod/nothing/0/', randomBytes(12).toString('hex')]) {
      for (const command of ['show', 'release', 'delete']) {
        const yes = command === 'show' ? [] : ['--yes'];
        const line = lineOf(4, await runMain([command, id, '--store', url, ...yes]));
        expect(line).toMatch(/^twiceproof: there is no record .*; twiceproof list shows/);
      }
    }
    // One that is known does not make up for one that is not.
    lineOf(4, await runMain(['delete', first, unknown, '--store', url, '--yes']));
    const ambiguous = await twiceproof(['delete', 'prod/charge/0/', '--store', url, '--yes']);
    expect(ambiguous).toMatchObject({ code: 4, stdout: '' });
    const [line, ...candidates] = ambiguous.stderr.trimEnd().split('\n');
    expect(line).toMatch(/^twiceproof: .* is the beginning of more than one record id; give more/);
    expect(candidates.sort()).toEqual([first, second].sort().map((id) => `  ${id}  failed`));
    const { records } = await idempotency.records.list();
    expect(records).toHaveLength(2);
  });

  test('that nobody confirmed to change', async () => {
    const { url, idempotency } = await newApplication(backend);
    const id = await execute(idempotency, 'charge', 'p-1', fail);
    const before = await idempotency.records.get(id);
    const commands = [
      ['release', id],
      ['delete', id],
      ['complete', id, '1'],
      ['extend', id, '-r', '30d'],
      ['release', '--where', '--status', 'failed'],
      ['extend', '--where', '--status', 'failed', '-r', '30d'],
      ['delete', '--where', '--status', 'failed'],
    ];
    for (const command of commands) {
      const line = lineOf(1, await runMain([...command, '--store', url]));
      expect(line).toMatch(/nothing was changed: there is no terminal .* --yes/);
    }
    // Also where somebody pipes the answer.
    await refused(1, ['delete', id, '--store', url], { input: 'y\n' });
    expect(await idempotency.records.get(id)).toEqual(before);
  });
});
