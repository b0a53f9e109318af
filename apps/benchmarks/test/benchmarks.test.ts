import { expect, test, vi } from 'vitest';
import { bench } from '../src/bench.ts';
import { benchmarks } from '../src/benchmarks/all.ts';
import type { Report } from '../src/measuring/result.ts';

const telemetry = [
  'uninstrumented',
  'uninstrumented, once more',
  'no SDK',
  'SDK, metrics only',
  'SDK, traces and metrics',
];
const telemetryOfReplays = [...telemetry, 'the same, written by hand'];

/** First executions and replays, with either key, by so many contenders. */
const charges = (...contenders: string[]) =>
  Object.fromEntries(
    ['first execution', 'replay'].flatMap((work) =>
      ['id', 'event of 1 KB'].flatMap((key) =>
        [1, 64, 256].map((atOnce) => [`${work}, key = ${key}, ${atOnce} at once`, contenders]),
      ),
    ),
  );
const onRedis = charges('by hand', 'Twiceproof', 'AWS Powertools', 'node-idempotency');

/** What each benchmark compares, by the title of the comparison. */
const promised: Record<string, Record<string, string[]>> = {
  instrumentation: {
    'replay on Redis, 64 at once': [
      'uninstrumented',
      'SDK, traces and metrics',
      'GET',
      'GET, in a span, with two durations',
    ],
    'replay on Redis, 64 at once, whoever listens': telemetryOfReplays,
    'first execution on Redis, 64 at once': telemetry,
    'replay in memory, one after the other': telemetryOfReplays,
    'first execution in memory, one after the other': telemetry,
  },
  memory: {
    'replay of an event of 1 KB, one after the other': [
      'its JSON and SHA-256',
      'Twiceproof, key = its id',
      'Twiceproof, key = all of it',
    ],
    'memory for a result of 100 bytes': ['Map of ids to bytes', 'memoryStore()', 'through wrap()'],
  },
  'in-process': {
    'replay, key = id': ['AWS Powertools', 'Twiceproof'],
    'first execution, key = id': ['AWS Powertools', 'Twiceproof'],
  },
  http: Object.fromEntries(
    ['Express', 'Hono'].map((framework) => [
      `${framework}, a payment of 1 KB over a socket, 16 at once`,
      ['handler alone', 'handler with one query', 'handler behind Twiceproof', 'replay'],
    ]),
  ),
  redis: onRedis,
  valkey: onRedis,
  postgres: charges('batches by hand', 'row by row', 'Twiceproof', 'DBOS'),
  imports: {
    'cold import': ['AWS Powertools', 'core'],
    'cold import, with DynamoDB and its client': ['AWS Powertools', 'core and dynamodb'],
    'cold import of each store, without its client': [
      'core',
      ...['memory', 'redis', 'postgres', 'dynamodb', 'sqlite', 'mysql'].map(
        (name) => `core and ${name}`,
      ),
    ],
  },
  waiters: {
    'waiting for a key that another process executes': ['one waiter', '10,000 waiters'],
  },
  growth: Object.fromEntries(
    [
      'memory, replay, 1',
      'memory, first execution, 1',
      'SQLite, replay, 1',
      'SQLite, first execution, 1',
    ]
      .concat(['Redis, replay, 64', 'Redis, first execution, 64'])
      .concat(['Postgres, replay, 64', 'Postgres, first execution, 64'])
      .map((title) => [`${title} at once`, ['1,000 records', '1,000,000 records']]),
  ),
  dynamodb: charges('by hand', 'Twiceproof', 'AWS Powertools'),
};

async function outputOf(...args: string[]): Promise<string> {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const complete = await bench([...args, '--quick', '--rounds', '1'], { write });
  expect(complete).toBe(true);
  return written.join('');
}

test.each(benchmarks)('$name measures everything that it promises', async ({ name }) => {
  const { reports } = JSON.parse(await outputOf(name, '--json'));
  const [{ benchmark, runs, results, failure }, ...others] = reports as [Report, ...Report[]];
  expect(others).toEqual([]);
  expect(failure).toBeUndefined();
  expect([benchmark, runs]).toEqual([name, 1]);
  const measured = results.map(({ title, rows }) => [title, rows.map((row) => row.name)]);
  expect(Object.fromEntries(measured)).toEqual(promised[name]);
  for (const row of results.flatMap(({ rows }) => rows)) {
    const spreads = [row.cost, ...Object.values(row.ratios)].flatMap((each) => Object.values(each));
    for (const { low, median, high } of spreads)
      for (const figure of [low, median, high]) expect(figure).toBeGreaterThan(0);
  }
});

test('without --json, each comparison is a table', async () => {
  const lines = (await outputOf('in-process')).split('\n');
  expect(lines[0]).toMatch(/^Node v\d+.*, \d+ cores, \d+ GB; 1 rounds$/);
  expect(lines).toContainEqual(
    expect.stringMatching(/^replay, key = id +CPU µs a call +ratio +half/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}AWS Powertools +[\d.]+ +1$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}Twiceproof +[\d.]+ +[\d.]+ +[\d.]+ – [\d.]+$/),
  );
});

test('several benchmarks, and several runs, have processes of their own and one result', async () => {
  const written = await outputOf('in-process', 'memory', '--runs', '2', '--json');
  const { reports } = JSON.parse(written);
  expect(reports.map(({ benchmark }: Report) => benchmark)).toEqual(['in-process', 'memory']);
  for (const { runs, results } of reports as Report[]) {
    expect(runs).toBe(2);
    for (const { rounds } of results) expect(rounds).toBe(2);
  }
});

test('what cannot be measured is said, and why; the others are measured all the same', async () => {
  vi.stubEnv('POSTGRES_URL', 'postgres://127.0.0.1:9/none');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const written: string[] = [];
  const args = ['postgres', 'in-process', '--quick', '--rounds', '1', '--json'];
  const complete = await bench(args, { write: (text) => written.push(text) });
  const told = said.mock.calls.map(([text]) => String(text)).join('');
  said.mockRestore();
  vi.unstubAllEnvs();
  expect(complete).toBe(false);
  expect(told).toMatch(/postgres could not be measured: .*ECONNREFUSED/);
  const [postgres, inProcess] = JSON.parse(written.join('')).reports as [Report, Report];
  expect(postgres.failure).toMatch(/ECONNREFUSED/);
  expect(postgres.results).toEqual([]);
  expect(inProcess.failure).toBeUndefined();
  expect(inProcess.results).toHaveLength(2);
});
