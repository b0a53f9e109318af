import { expect, test } from 'vitest';
import { root } from '../workspace.ts';
import { tally, tallyOf } from './report.ts';

const file = (status: string, ...tests: [name: string, status: string][]) => ({
  name: `${root}/packages/core/src/a.test.ts`,
  status,
  assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
});

test('passed tests are counted', () => {
  const report = {
    success: true,
    testResults: [file('passed', ['one', 'passed'], ['two', 'passed'])],
  };
  expect(tally('core', report)).toEqual({
    suite: 'core',
    reported: true,
    passed: 2,
    failures: [],
    retried: [],
  });
});

test('a test that passed at its second try only is named', () => {
  const tests = file('passed', ['one', 'passed'], ['two', 'passed']);
  const [one, two] = tests.assertionResults;
  const assertionResults = [one!, { ...two!, failureMessages: ['too late'] }];
  const report = { success: true, testResults: [{ ...tests, assertionResults }] };
  expect(tally('core', report)).toMatchObject({
    passed: 2,
    failures: [],
    retried: ['packages/core/src/a.test.ts > two'],
  });
});

test('failed and skipped tests are failures', () => {
  const tests = file('failed', ['one', 'failed'], ['two', 'pending'], ['three', 'passed']);
  expect(tally('core', { success: false, testResults: [tests] })).toMatchObject({
    passed: 1,
    failures: ['packages/core/src/a.test.ts > one', 'packages/core/src/a.test.ts > two (pending)'],
  });
});

test('a file that could not be read, or failed around its tests, is a failure', () => {
  const testResults = [file('failed'), file('failed', ['one', 'passed'])];
  expect(tally('core', { success: false, testResults }).failures).toHaveLength(2);
});

test('an error outside every test is a failure', () => {
  const report = { success: false, testResults: [file('passed', ['one', 'passed'])] };
  expect(tally('core', report).failures).toEqual(['core failed outside its tests']);
});

test('a suite that ended without a report is a failure', () => {
  expect(tallyOf('core', '/nowhere')).toMatchObject({
    reported: false,
    failures: ['core ended without a report'],
  });
});
