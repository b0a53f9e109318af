import { expect, test } from 'vitest';
import { check } from './check.ts';
import type { Answer, Call, Effect, Fault } from './event.ts';

const leaseMs = 1_000;
const ok = (value: string): Answer => ({ kind: 'ok', value, outcome: 'executed' });
const unknown: Answer = { kind: 'unknown', outcome: 'unanswered', error: 'its worker is gone' };
const refused: Answer = { kind: 'fail', outcome: 'in_progress', error: 'IN_PROGRESS' };

function call(number: number, from: number, to: number, answer: Answer): Call {
  return { call: number, key: 'k', worker: number, from, to, answer };
}

function effect(name: string, number: number, claimedAt: number, fence = number): Effect {
  const who = { call: number, worker: number, token: `token-${number}`, fence, attempt: 1 };
  return { effect: name, key: 'k', downstreamKey: 'd', ...who, claimedAt, at: claimedAt + 10 };
}

const killed = (worker: number, at: number): Fault => ({
  name: 'kill -9',
  kind: 'killed',
  worker,
  from: at,
  to: Number.POSITIVE_INFINITY,
});

const judge = (calls: Call[], effects: Effect[], faults: Fault[] = [], isRepeatForbidden = false) =>
  check({ calls, effects, faults, leaseMs, isRepeatForbidden });

test('one execution and its replays are right', () => {
  const calls = [call(1, 0, 100, ok('a')), call(2, 10, 20, refused), call(3, 200, 210, ok('a'))];
  expect(judge(calls, [effect('a', 1, 5)])).toEqual({ repeats: [], violations: [] });
});

test('a second outcome after an acknowledged one is found, whatever was killed', () => {
  const calls = [call(1, 0, 100, ok('a')), call(2, 2_000, 2_100, ok('b'))];
  const { violations } = judge(calls, [effect('a', 1, 5), effect('b', 2, 2_010)], [killed(1, 150)]);
  expect(violations).toEqual([
    'k: effect b repeats a, and no fault explains it',
    'k: no order explains the answers a, b',
  ]);
});

test('a repeat after its owner was killed is explained', () => {
  const calls = [call(1, 0, Number.POSITIVE_INFINITY, unknown), call(2, 1_100, 1_200, ok('b'))];
  const effects = [effect('a', 1, 5), effect('b', 2, 1_110)];
  const { repeats, violations } = judge(calls, effects, [killed(1, 50)]);
  expect(repeats.map(({ fault }) => fault)).toEqual(['kill -9']);
  expect(violations).toEqual([]);
  expect(judge(calls, effects, [killed(1, 50)], true).violations).toEqual([
    'k: effect b repeats a, kill -9',
  ]);
});

test('a claim that landed after it was overtaken is the second one', () => {
  const calls = [call(1, 0, Number.POSITIVE_INFINITY, unknown), call(2, -500, 1_200, ok('b'))];
  const effects = [effect('a', 1, 5, 7), { ...effect('b', 2, -400, 8), at: 1_100 }];
  const { repeats, violations } = judge(calls, effects, [killed(1, 50)]);
  expect(repeats).toMatchObject([{ first: { effect: 'a' }, again: { effect: 'b' } }]);
  expect(violations).toEqual([]);
});

test('a repeat within the lease is no takeover, although its owner was killed', () => {
  const calls = [call(1, 0, Number.POSITIVE_INFINITY, unknown), call(2, 60, 200, ok('b'))];
  const effects = [effect('a', 1, 5), effect('b', 2, 70)];
  expect(judge(calls, effects, [killed(1, 50)]).violations).toHaveLength(1);
});

test('a repeat is explained by a store that did not answer its owner, about this key and for long', () => {
  const calls = [call(1, 0, 1_500, unknown), call(2, 1_100, 1_200, ok('b'))];
  const effects = [effect('a', 1, 5), effect('b', 2, 1_110)];
  const slow: Fault = {
    ...{ name: 'slow renewal', kind: 'slow', worker: 1, key: 'k', from: 340, to: 680 },
  };
  expect(judge(calls, effects, [slow])).toMatchObject({
    repeats: [{ fault: 'slow renewal' }],
    violations: [],
  });
  for (const other of [{ worker: 2 }, { key: 'other' }, { to: 500 }]) {
    expect(judge(calls, effects, [{ ...slow, ...other }]).violations).toHaveLength(1);
  }
});

test('another worker being killed explains nothing', () => {
  const calls = [call(1, 0, Number.POSITIVE_INFINITY, unknown), call(2, 1_100, 1_200, ok('b'))];
  const effects = [effect('a', 1, 5), effect('b', 2, 1_110)];
  expect(judge(calls, effects, [killed(7, 50)]).violations).toHaveLength(1);
});

test('what nobody was answered may be recorded, and then counts for all', () => {
  const unanswered = call(1, 0, Number.POSITIVE_INFINITY, unknown);
  const late = [call(2, 100, 110, ok('a')), call(3, 200, 210, ok('a'))];
  expect(judge([unanswered, ...late], [effect('a', 1, 5)]).violations).toEqual([]);
});

test('an outcome that comes, goes and comes again is found', () => {
  const unanswered = call(1, 0, Number.POSITIVE_INFINITY, unknown);
  const answers = ['a', 'b', 'a'].map((value, at) =>
    call(at + 2, 1_500 + at * 100, 1_510 + at * 100, ok(value)),
  );
  const effects = [effect('a', 1, 5), effect('b', 3, 1_600)];
  expect(judge([unanswered, ...answers], effects, [killed(1, 50)]).violations).toContain(
    'k: no order explains the answers a, b',
  );
});

test('an outcome that is forgotten is explained only where the store may forget', () => {
  const calls = [call(1, 0, 100, ok('a')), call(2, 2_000, 2_100, ok('b'))];
  const effects = [effect('a', 1, 5), effect('b', 2, 2_010)];
  const failover: Fault = { name: 'failover', kind: 'forgets', from: 500, to: 1_500 };
  const { repeats, violations } = judge(calls, effects, [failover]);
  expect(repeats.map(({ fault }) => fault)).toEqual(['failover']);
  expect(violations).toEqual([]);
});

test.each([
  ['an outcome that never happened', [call(1, 0, 10, ok('x'))], [], 'which never happened'],
  [
    'a refused call with an effect',
    [call(1, 0, 10, refused)],
    [effect('a', 1, 5)],
    'had an effect',
  ],
  ['a key without an outcome', [call(1, 0, 10, refused)], [], 'no call got an outcome'],
] as const)('%s is found', (_what, calls, effects, violation) => {
  const found = judge([...calls], [...effects]).violations;
  expect(found.join('\n')).toContain(violation);
});

test('two attempts with one fence are found', () => {
  const calls = [call(1, 0, Number.POSITIVE_INFINITY, unknown), call(2, 1_100, 1_200, ok('b'))];
  const effects = [effect('a', 1, 5, 7), effect('b', 2, 1_110, 7)];
  expect(judge(calls, effects, [killed(1, 50)]).violations).toEqual([
    'k: two attempts had the same fence',
  ]);
});
