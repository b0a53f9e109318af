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
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The page with its tables made anew. */
export function withTables(page: string, runs: readonly RecordedRun[]): string {
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end);
  if (to < from) throw new Error(`the page has no place for the tables: ${begin} … ${end}`);
  const sure = guaranteeTable(runs, ['transactional', 'probe']);
  const again = guaranteeTable(runs, ['reexecute']);
  const made = `With a probe, or in the transaction of the claim:\n\n${sure}\n\nWith \`abandoned: 'reexecute'\`, the default:\n\n${again}`;
  return `${page.slice(0, from)}\n\n${made}\n\n${page.slice(to)}`;
}
