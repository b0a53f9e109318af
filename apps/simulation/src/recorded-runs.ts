import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What came of one long run, as the page tells it. */
export interface RecordedRun {
  readonly of: 'calls' | 'races';
  readonly from: number;
  readonly schedules: number;
  readonly violations: number;
  /** Schedules per second of processor time. */
  readonly rate: number;
  /** What was run; of earlier runs it was not written down. */
  readonly commit?: string;
}

const file: string = fileURLToPath(new URL('../recorded-runs.json', import.meta.url));

export function readRecorded(): RecordedRun[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Puts a run in the place of the earlier one of its kind. */
export function recordRun(run: RecordedRun): void {
  const others = readRecorded().filter(({ of }) => of !== run.of);
  const all = [...others, run].sort((one, other) => one.of.localeCompare(other.of));
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
}
