import { describe, expect, test } from 'vitest';
import { paintOf } from './paint.ts';
import { type Column, renderTable } from './table.ts';

interface Row {
  readonly id: string;
  readonly tries: number;
  readonly key: string;
  readonly error: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'TRY', text: ({ tries }) => String(tries), align: 'right', drop: 2 },
  { title: 'KEY', text: ({ key }) => key, least: 4, drop: 1 },
  { title: 'ERROR', text: ({ error }) => error, format: () => 'red' },
];

const rows: readonly Row[] = [
  { id: 'a/1', tries: 1, key: 'a rather long key', error: '' },
  { id: 'a/22', tries: 10, key: '漢字', error: 'no' },
];

const table = (width?: number, shown = rows) =>
  renderTable(columns, shown, width, paintOf(false)).split('\n');

describe('a table', () => {
  test('is as wide as it wants to be where there is no terminal', () => {
    expect(table()).toEqual([
      'ID    TRY  KEY                ERROR',
      'a/1     1  a rather long key',
      'a/22   10  漢字               no',
    ]);
  });

  test('cuts what may be cut', () => {
    expect(table(30)).toEqual([
      'ID    TRY  KEY           ERROR',
      'a/1     1  a rather lo…',
      'a/22   10  漢字          no',
    ]);
  });

  test('leaves out columns where cutting is not enough, the least important first', () => {
    expect(table(20)).toEqual(['ID    KEY      ERROR', 'a/1   a rath…', 'a/22  漢字     no']);
    expect(table(12)).toEqual(['ID    ERROR', 'a/1', 'a/22  no']);
  });

  test('never cuts or leaves out what has to stay', () => {
    expect(table(3)).toEqual(['ID    ERROR', 'a/1', 'a/22  no']);
  });

  test('leaves out columns without anything in them', () => {
    expect(table(80, rows.slice(0, 1))[0]).toBe('ID   TRY  KEY');
  });

  test('is the same with colours', () => {
    const text = renderTable(columns, rows, undefined, paintOf(true));
    expect(text).toContain('\u001b[31mno\u001b[39m');
  });
});
