import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { DemoError } from './demo-error.ts';

test('without flags the sample is fulfilled in run 0', () => {
  expect(readArguments([])).toMatchObject({
    input: undefined,
    run: 0,
    fail: undefined,
    workers: 4,
  });
});

test('the -- that package managers pass on is no argument', () => {
  expect(readArguments(['--', '--fail', 'ship'])).toMatchObject({ fail: 'ship' });
});

test.each([
  [['--fial', 'ship'], "Unknown option '--fial'; see --help"],
  [['ship'], "Unexpected argument 'ship'"],
  [['--fail', 'pack'], '--fail pack: there is no such step; give one of charge, ship, notify'],
  [['--fail'], "Option '--fail <value>' argument missing"],
  [['--run', '-1'], "'--run"],
  [['--run', 'one'], "--run is 'one'; give a whole number from 0 up"],
  [['--workers', '0'], "--workers is '0'; give a whole number from 1 to 16"],
  [['--effect-ms', '1e3'], "--effect-ms is '1e3'; give a whole number from 0 to 60000"],
  [['--store', 'redis,mongo'], "--store redis,mongo: there is no store 'mongo'; give memory"],
  [['--store', 'redis,memory'], '--store redis,memory: every process has a memory of its own'],
  [['--store', 'memory', '--kill-after', '5'], '--store memory has none; give another store'],
  [['--store', 'redis,redis'], '--store redis,redis: give each store once'],
  [['--store', ''], "--store : there is no store ''"],
  [['--otlp', 'localhost:4318'], "--otlp is 'localhost:4318'; give a URL"],
  [['--key', ' '], '--key is empty; give a dotted path or a JMESPath expression'],
  [['--reset=yes'], "Option '--reset' does not take an argument"],
])('%j is refused, naming the flag and what to give', (args, message) => {
  expect(() => readArguments(args)).toThrow(DemoError);
  expect(() => readArguments(args)).toThrow(message);
});
