import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { subjects } from '../engines/subjects.ts';
import { phases } from '../faults/phases.ts';
import { guaranteeTable } from './guarantee-table.ts';
import { readRecorded } from './recorded-run.ts';
import { pageFile, pages } from './update-page.ts';

const runs = readRecorded();

test.each(pages)('%s shows the runs that are recorded', (name, made) => {
  const page = readFileSync(pageFile(name), 'utf8');
  expect(made(page, runs)).toBe(page);
  expect(made(page, runs.slice(1))).not.toBe(page);
});

test('every fault was put to some engine, on thousands of keys of each engine', () => {
  const names = new Set(runs.map(({ fault }) => fault));
  expect(phases.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  for (const { name } of subjects) {
    const keys = runs.filter(({ engine }) => engine === name).map((run) => run.keys);
    expect(
      keys.reduce((sum, each) => sum + each, 0),
      name,
    ).toBeGreaterThanOrEqual(5_000);
  }
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
