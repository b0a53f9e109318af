import {
  costOfGrowth,
  extraOfTelemetry,
  requestsOfMany,
  titleOf,
  type Work,
} from '../benchmarks/titles.ts';
import type { Measure } from '../measuring/figures.ts';
import type { Target } from './target.ts';

const row = 'Twiceproof';

/** Calls on an engine against another contender, with the id as key. */
function on(engine: string, work: Work, atOnce: number, speedOf: string, least: number): Target {
  const benchmark = engine.toLowerCase();
  const against = speedOf.includes('by hand') ? 'floor' : speedOf;
  return {
    id: `${benchmark}-${work}-${atOnce}-${against.toLowerCase().replaceAll(' ', '-')}`,
    what: `${engine}, ${nameOf(work)}, ${atOnce} at once: speed of ${speedOf}`,
    benchmark,
    title: titleOf(work, 'key = id', atOnce),
    figure: { row, speedOf, measure: 'wall' },
    least,
  };
}

/** The tail of calls on an engine against that of its client alone. */
function slowest(engine: string, work: Work, timeOf = 'by hand'): Target {
  const benchmark = engine.toLowerCase();
  return {
    id: `${benchmark}-${work}-64-p99`,
    what: `${engine}, ${nameOf(work)}, 64 at once: p99, of the raw client's`,
    benchmark,
    title: titleOf(work, 'key = id', 64),
    figure: { row, timeOf, measure: 'p99' },
    most: 1.5,
  };
}

function growing(engine: string, work: Work, atOnce: number): Target {
  return {
    id: `growth-${engine.toLowerCase()}-${work}`,
    what: `${engine}, ${nameOf(work)}: cost at 10⁶ records, of that at 10³`,
    benchmark: 'growth',
    title: `${engine}, ${nameOf(work)}, ${atOnce} at once`,
    figure: { derived: costOfGrowth },
    most: 1.1,
  };
}

function computing(
  id: string,
  what: string,
  [benchmark, title]: readonly [string, string],
  figure: Target['figure'],
  bound: Pick<Target, 'least' | 'most'>,
): Target {
  return { id, what, benchmark, title, figure, ...bound };
}

function nameOf(work: Work): string {
  return work === 'first' ? 'first execution' : 'replay';
}

const cpu: Measure = 'cpu';
const powertools = 'AWS Powertools';
const event = 'replay of an event of 1 KB, one after the other';
const hono = 'Hono, a payment of 1 KB over a socket, 16 at once';

/** What is to be reached, in the order of the page. */
export const targets: readonly Target[] = [
  on('Redis', 'first', 64, 'by hand', 0.65),
  on('Redis', 'first', 64, powertools, 1.5),
  on('Redis', 'first', 64, 'node-idempotency', 0.85),
  on('Valkey', 'first', 64, 'by hand', 1),
  on('Redis', 'replay', 64, 'by hand', 0.75),
  on('Redis', 'replay', 64, powertools, 4),
  on('Redis', 'first', 1, 'by hand', 0.75),
  on('Redis', 'replay', 1, 'by hand', 0.9),
  on('DynamoDB', 'first', 64, 'by hand', 0.95),
  on('DynamoDB', 'first', 64, powertools, 1),
  on('DynamoDB', 'replay', 64, 'by hand', 0.95),
  on('DynamoDB', 'replay', 64, powertools, 1),
  on('Postgres', 'first', 256, 'batches by hand', 0.95),
  on('Postgres', 'replay', 256, 'batches by hand', 0.6),
  ...(['first', 'replay'] as const).flatMap((work) => [
    slowest('Redis', work),
    slowest('Valkey', work),
    slowest('DynamoDB', work),
    slowest('Postgres', work, 'row by row'),
  ]),
  computing(
    'memory-replay-id',
    'memory, replay, key = id: speed of AWS Powertools on a Map',
    ['in-process', 'replay, key = id'],
    { row, speedOf: powertools, measure: cpu },
    { least: 12 },
  ),
  computing(
    'memory-replay-event',
    'memory, replay, key = event of 1 KB: time of its JSON and SHA-256',
    ['memory', event],
    { row: 'Twiceproof, key = all of it', timeOf: 'its JSON and SHA-256', measure: cpu },
    { most: 2.5 },
  ),
  computing(
    'in-process-first',
    'first execution without an engine: time of AWS Powertools on a Map',
    ['in-process', 'first execution, key = id'],
    { row, timeOf: powertools, measure: cpu },
    { most: 0.33 },
  ),
  computing(
    'import-core',
    'cold import of core: time of AWS Powertools',
    ['imports', 'cold import'],
    { row: 'core', timeOf: powertools, measure: 'import' },
    { most: 0.35 },
  ),
  computing(
    'import-dynamodb',
    'cold import of core and dynamodb: time of AWS Powertools with DynamoDB',
    ['imports', 'cold import, with DynamoDB and its client'],
    { row: 'core and dynamodb', timeOf: powertools, measure: 'import' },
    { most: 0.85 },
  ),
  computing(
    'memory-heap',
    'memory, a record with a result of 100 bytes: bytes',
    ['memory', 'memory for a result of 100 bytes'],
    { row: 'through wrap()', cost: 'bytes' },
    { most: 500 },
  ),
  computing(
    'telemetry',
    'telemetry of a replay on Redis: what it adds, of the same by hand around the raw client',
    ['instrumentation', 'replay on Redis, 64 at once'],
    { derived: extraOfTelemetry },
    { most: 1.3 },
  ),
  computing(
    'waiters',
    '10,000 waiters for one key: requests of a process in a backoff step',
    ['waiters', 'waiting for a key that another process executes'],
    { derived: requestsOfMany },
    { most: 2 },
  ),
  computing(
    'http-replay',
    'HTTP on Hono, replay: requests a second, of the bare handler’s',
    ['http', hono],
    { row: 'replay', speedOf: 'handler alone', measure: 'wall' },
    { least: 0.8 },
  ),
  computing(
    'http-first',
    'HTTP on Hono, first execution: requests a second, of the bare handler’s',
    ['http', hono],
    { row: 'handler behind Twiceproof', speedOf: 'handler alone', measure: 'wall' },
    { least: 0.6 },
  ),
  ...(['replay', 'first'] as const).flatMap((work) => [
    growing('memory', work, 1),
    growing('SQLite', work, 1),
    growing('Redis', work, 64),
    growing('Postgres', work, 64),
  ]),
];
