import { subjects } from '../engines/subjects.ts';
import { phases } from '../faults/phases.ts';
import type { RecordedRun } from './recorded-run.ts';

const begin = '<!-- made of the recorded runs -->';
const end = '<!-- end of the recorded runs -->';

/** A row for each fault and a column for each engine: how many of how many keys had a second effect. */
export function guaranteeTable(runs: readonly RecordedRun[], modes: readonly string[]): string {
  const shown = subjects.filter(({ mode }) => modes.includes(mode));
  const cell = (engine: string, fault: string) => {
    const run = runs.find((each) => each.engine === engine && each.fault === fault);
    return run ? `${run.repeats} of ${run.keys.toLocaleString('en')}` : '–';
  };
  const head = ['fault', ...shown.map(({ name }) => name)];
  const rows = phases
    .map(({ name }) => [name, ...shown.map((subject) => cell(subject.name, name))])
    .filter(([, ...cells]) => cells.some((text) => text !== '–'));
  return tableOf([head, ...rows]);
}

/** A row for each engine: to how much it was put, and what came of it. */
function summaryTable(runs: readonly RecordedRun[]): string {
  const rows = subjects.map(({ name }) => {
    const ofEngine = runs.filter(({ engine }) => engine === name);
    const faults = ofEngine.filter(({ fault }) => fault !== 'none');
    const sum = (of: 'keys' | 'repeats' | 'violations') =>
      ofEngine.reduce((total, run) => total + run[of], 0).toLocaleString('en');
    return [`\`${name}\``, faults.length, sum('keys'), sum('violations'), sum('repeats')];
  });
  const head = [
    'engine',
    'faults',
    'keys',
    'outcomes lost, repeats unexplained',
    'repeats explained',
  ];
  return tableOf([head, ...rows]);
}

function tableOf([head, ...rows]: readonly (readonly unknown[])[]): string {
  return [head!, head!.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** docs/running-twice.md with its tables made anew. */
export function withTables(page: string, runs: readonly RecordedRun[]): string {
  const sure = guaranteeTable(runs, ['transactional', 'probe']);
  const again = guaranteeTable(runs, ['reexecute']);
  return withMade(
    page,
    `With a probe, or in the transaction of the claim:\n\n${sure}\n\nWith \`abandoned: 'reexecute'\`, the default:\n\n${again}`,
  );
}

/** The readme with its table made anew. */
export function withSummary(readme: string, runs: readonly RecordedRun[]): string {
  return withMade(readme, summaryTable(runs));
}

function withMade(page: string, made: string): string {
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  if (to < from) throw new Error(`the page has no place for the tables: ${begin} … ${end}`);
  return `${page.slice(0, from)}\n\n${made}\n\n${page.slice(to)}`;
}
