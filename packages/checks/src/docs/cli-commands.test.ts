import { expect, test } from 'vitest';
import { cliCommands, faultOfCall } from './cli-command.ts';
import { documents, page } from './document.ts';

const calls = documents().flatMap((document) =>
  cliCommands(document).map((call) => ({ file: document.file, call })),
);

test('every call of twiceproof names a command and options that it has', {
  timeout: 60_000,
}, () => {
  expect(calls.length).toBeGreaterThan(20);
  const faults = calls.flatMap(({ file, call }) => {
    const fault = faultOfCall(call);
    return fault === undefined ? [] : [`${file}: ${call}: ${fault}`];
  });
  expect(faults).toEqual([]);
});

test('calls are found in sentences, in sessions, and within other commands', () => {
  const text =
    '`twiceproof stats` and\n\n```console\n$ twiceproof list -q | xargs twiceproof release --yes\nno twiceproof here\n```\n';
  expect(cliCommands(page('README.md', text))).toEqual([
    'twiceproof stats',
    'twiceproof list -q',
    'twiceproof release --yes',
  ]);
});

test.each([
  ['twiceproof replay x', 'replay is no command of twiceproof'],
  ['twiceproof list --broken', 'twiceproof list has no --broken'],
])('finds what is wrong with: %s', (call, fault) => {
  expect(faultOfCall(call)).toBe(fault);
});
