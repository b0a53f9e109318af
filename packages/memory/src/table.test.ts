import { expect, test } from 'vitest';
import { claimed } from './entry.ts';
import { createTable, type Table } from './table.ts';

function add(table: Table, name: string, retentionMs: number | null): void {
  const work = { id: name, environment: 'test', operation: 'pay', run: 0, token: name };
  const rest = { leaseMs: 1, retentionMs, abandoned: 'hold', formatVersion: 1 } as const;
  table.add(claimed({ ...work, ...rest }, table.nextSeq(), 1, 0));
}

const held = (table: Table, before = Number.POSITIVE_INFINITY) =>
  [...table.before(before)].map(({ id }) => id);

test('an operation removes at most two expired records', () => {
  const table = createTable(1_000);
  for (let count = 0; count < 100; count += 1) add(table, `record ${count}`, 1);
  table.own('another', 10, false);
  expect(held(table)).toHaveLength(98);
  table.own('another', 10, false);
  expect(held(table)).toHaveLength(96);
});

test('removal keeps up with claims: what expired does not pile up', () => {
  const table = createTable(Number.MAX_SAFE_INTEGER);
  for (let now = 0; now < 5_000; now += 1) {
    table.own(`record ${now}`, now, false);
    const work = { id: `record ${now}`, environment: 'test', operation: 'pay', run: 0, token: '' };
    const rest = { leaseMs: 1, retentionMs: 100, abandoned: 'hold', formatVersion: 1 } as const;
    table.add(claimed({ ...work, ...rest }, table.nextSeq(), 1, now));
  }
  expect(held(table).length).toBeLessThan(110);
});

test('nothing is removed while retirement is paused', () => {
  const table = createTable(1_000);
  for (let count = 0; count < 10; count += 1) add(table, `record ${count}`, 1);
  table.own('another', 10, true);
  expect(held(table)).toHaveLength(10);
});

test('a place in the order outlives the removal of everything around it', () => {
  const table = createTable(Number.MAX_SAFE_INTEGER);
  for (let count = 1; count <= 1_000; count += 1) add(table, `record ${count}`, null);
  for (let count = 1; count <= 1_000; count += 1) {
    if (count % 100 !== 0) table.remove(`record ${count}`);
  }
  expect(held(table, 550)).toEqual([
    'record 500',
    'record 400',
    'record 300',
    'record 200',
    'record 100',
  ]);
});
