import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { subjects } from '../engines/subjects.ts';
import { guaranteeTable, withTables } from './guarantee-table.ts';
import { readRecorded } from './recorded-run.ts';
import { pageFile } from './update-page.ts';

const runs = readRecorded();

test('the page shows the runs that are recorded', () => {
  const page = readFileSync(pageFile, 'utf8');
  expect(withTables(page, runs)).toBe(page);
});

test.each(subjects)(
  '$name has runs of every fault, with nothing lost and nothing unexplained',
  ({ name, mode }) => {
    const ofEngine = runs.filter(({ engine }) => engine === name);
    expect(ofEngine.length).toBeGreaterThan(5);
    expect(ofEngine.map(({ fault }) => fault)).toContain('kill -9 at a point');
    expect(ofEngine.filter(({ violations }) => violations > 0)).toEqual([]);
    if (mode !== 'reexecute') expect(ofEngine.filter(({ repeats }) => repeats > 0)).toEqual([]);
  },
);

test('a fault that was not put to an engine is no cell of it', () => {
  const run = {
    engine: 'sqlite',
    fault: 'kill -9 at random',
    keys: 1_200,
    repeats: 3,
    violations: 0,
  };
  const lines = guaranteeTable([run], ['reexecute']).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain('kill -9 at random');
  expect(lines[2]).toContain('3 of 1,200');
  expect(lines[2]).toContain('–');
});
