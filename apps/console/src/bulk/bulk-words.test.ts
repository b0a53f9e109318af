import { expect, test } from 'vitest';
import { bulkActionsFor, bulkConsequence, bulkTitle, filterWords, jobText } from './bulk-words.ts';

test('a filter is told in words', () => {
  expect(filterWords({ state: 'stuck', operation: 'charge', environment: 'prod' })).toBe(
    'Stuck records of charge, in prod',
  );
  const more = { scope: 'acme', run: '2', newer: '2h', older: '15m', text: 'p-1' };
  expect(filterWords({ ...more, idPrefix: 'prod/', workflow: 'prod/fulfil/0/x' })).toBe(
    'Records of all operations, in all environments, of scope acme, of run 2, started in the last 2h, started more than 15m ago, whose key is or contains “p-1”, whose id begins with prod/, steps of prod/fulfil/0/x',
  );
});

test('what is offered fits the state, and nothing is where every record matches', () => {
  expect(bulkActionsFor({})).toEqual([]);
  expect(bulkActionsFor({ environment: 'prod' })).toEqual([]);
  expect(bulkActionsFor({ state: 'executing' })).toEqual([]);
  expect(bulkActionsFor({ state: 'unknown' })).toContain('reconcile');
  expect(bulkActionsFor({ state: 'held' })).not.toContain('extend');
  expect(bulkActionsFor({ state: 'failed' })).not.toContain('reconcile');
  expect(bulkActionsFor({ operation: 'charge' })).toHaveLength(4);
});

test('the question has the number of the records once they are counted', () => {
  expect(bulkTitle('release', undefined)).toBe('Release all that match?');
  expect(bulkTitle('release', 1_370)).toBe('Release 1,370 records?');
  expect(bulkTitle('reconcile', 1)).toBe('Ask the probe about 1 record?');
});

test('a release of what was cut off says what to make sure of, and one of what is done what is lost', () => {
  expect(bulkConsequence('release', { failed: 3 })).toBe('Their next calls execute them again.');
  expect(bulkConsequence('release', { held: 1 })).toContain('Make sure first');
  expect(bulkConsequence('release', { completed: 1 })).toContain('done once more');
});

test('progress and end are told with what came of the records', () => {
  const job = { id: 'j', action: 'release', by: 'ada', count: 137, matched: 40 } as const;
  const verdicts = { changed: 38, skipped: 2 };
  const leftAlone = '38 released, 2 left alone, because they are executed or have changed';
  expect(jobText({ ...job, phase: 'running', verdicts })).toBe('Releasing 40 of 137 records');
  expect(jobText({ ...job, phase: 'done', verdicts })).toBe(`Done: ${leftAlone}.`);
  expect(jobText({ ...job, phase: 'stopped', verdicts })).toBe(
    `Stopped after 40 of 137 records: ${leftAlone}.`,
  );
  const asked = { ...job, action: 'reconcile', phase: 'done' } as const;
  expect(jobText({ ...asked, verdicts: { completed: 3, held: 1 } })).toBe(
    'Done: 3 completed, 1 goes on waiting.',
  );
  expect(jobText({ ...asked, verdicts: {} })).toBe('Done: none settled.');
});
