import { expect, test } from 'vitest';
import { bench } from '../src/bench.ts';
import { benchmarks } from '../src/benchmarks.ts';
import type { Report } from '../src/report.ts';

const telemetry = [
  'uninstrumented',
  'uninstrumented, once more',
  'no SDK',
  'SDK, metrics only',
  'SDK, traces and metrics',
];
const telemetryOfReplays = [...telemetry, 'the same, written by hand'];
const bareSets = ['SET NX GET, then SET', 'Twiceproof'];
const bareGet = ['GET', 'Twiceproof'];

/** What each benchmark compares, by the title of the comparison. */
const promised: Record<string, Record<string, string[]>> = {
  instrumentation: {
    'replay on Redis, 64 at once': telemetryOfReplays,
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
    'memory for a result of 100 bytes': ['Map of ids to bytes', 'memoryStore()'],
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
  redis: {
    'first execution, 64 at once': bareSets,
    'replay, 64 at once': bareGet,
    'first execution, 64 at once, processor time': bareSets,
    'replay, 64 at once, processor time': bareGet,
    'first execution, one at a time': bareSets,
    'replay, one at a time': bareGet,
  },
  postgres: {
    'first execution, 256 at once': ['INSERT, then UPDATE', 'Twiceproof'],
    'replay, 256 at once': ['SELECT', 'Twiceproof'],
  },
  dynamodb: {
    'first execution, 64 at once': ['PutItem, then UpdateItem', 'Twiceproof'],
    'replay, 64 at once': ['refused PutItem', 'Twiceproof'],
  },
};

async function outputOf(...args: string[]): Promise<string> {
  const written: string[] = [];
  await bench([...args, '--quick', '--rounds', '1'], { write: (text) => written.push(text) });
  return written.join('');
}

test.each(benchmarks)('$name measures everything that it promises', async ({ name }) => {
  const { rounds, reports } = JSON.parse(await outputOf(name, '--json'));
  expect(rounds).toBe(1);
  const [{ benchmark, results }, ...others] = reports as [Report, ...Report[]];
  expect(others).toEqual([]);
  expect(benchmark).toBe(name);
  const measured = results.map(({ title, rows }) => [title, rows.map((row) => row.name)]);
  expect(Object.fromEntries(measured)).toEqual(promised[name]);
  for (const row of results.flatMap(({ rows }) => rows)) {
    const { low, median, high } = row.ratio;
    for (const figure of [row.cost, low, median, high]) expect(figure).toBeGreaterThan(0);
  }
});

test('without --json, each comparison is a table', async () => {
  const lines = (await outputOf('redis')).split('\n');
  expect(lines[0]).toMatch(/^v\d+.*, \d+ cores; 1 round$/);
  expect(lines).toContainEqual(
    expect.stringMatching(/^replay, 64 at once +µs a call +ratio +half/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}GET +[\d.]+ +1$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}Twiceproof +[\d.]+ +[\d.]+ +[\d.]+ – [\d.]+$/),
  );
});
