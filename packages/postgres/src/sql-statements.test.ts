import { expect, test } from 'vitest';
import { sqlStatements } from './sql-statements.ts';
import { transactionControl } from './transaction-control.ts';

const kinds = (text: string) =>
  sqlStatements(text).map((statement) => transactionControl(statement)?.kind ?? 'other');

test('a text is split at its semicolons, and empty statements are left out', () => {
  expect(sqlStatements(' BEGIN ;; SELECT 1; -- end\n ').map(({ text }) => text.trim())).toEqual([
    'BEGIN',
    'SELECT 1',
  ]);
});

test.each([
  `SELECT 'a;COMMIT;b''c;'`,
  String.raw`SELECT E'a\';COMMIT;'`,
  'SELECT ";COMMIT;"',
  'SELECT $$;COMMIT;$$, $tag$ $$;COMMIT;$tag$',
  'SELECT 1 /* ;COMMIT; /* ;COMMIT; */ ;COMMIT; */',
  'SELECT 1 -- ;COMMIT;\n + 1',
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC; SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
  'DO $body$ BEGIN PERFORM 1; COMMIT; END $body$',
])('quotes, comments and bodies are no statements: %s', (text) => {
  expect(kinds(text)).toEqual(['other']);
});

test.each([
  ['BEGIN', 'begin'],
  ['begin transaction', 'begin'],
  ['/* orm */ START TRANSACTION READ WRITE, ISOLATION LEVEL READ COMMITTED;', 'begin'],
  ['COMMIT WORK', 'commit'],
  ['end', 'commit'],
  ['COMMIT AND NO CHAIN', 'commit'],
  ['ROLLBACK;', 'rollback'],
  ['ABORT', 'rollback'],
  ['ROLLBACK TO SAVEPOINT sp1', 'other'],
  ['ROLLBACK WORK TO sp1', 'other'],
  ['SAVEPOINT sp1', 'other'],
  ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'other'],
  ['PREPARE statement AS SELECT 1', 'other'],
  ['SELECT CASE WHEN true THEN 1 END', 'other'],
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'refused'],
  ['START TRANSACTION READ ONLY', 'refused'],
  ['SET TRANSACTION READ ONLY', 'refused'],
  ['SET LOCAL transaction_read_only = on', 'refused'],
  ['COMMIT AND CHAIN', 'refused'],
  ["PREPARE TRANSACTION 'x'", 'refused'],
  ['RELEASE SAVEPOINT twiceproof_effect', 'refused'],
  ['ROLLBACK TO "twiceproof_effect"', 'refused'],
])('%s is %s', (text, kind) => {
  expect(kinds(text)).toEqual([kind]);
});
