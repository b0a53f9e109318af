import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PhaseResult } from '../run.ts';

/** What came of one fault on one engine, as the pages tell it. */
export interface RecordedRun {
  readonly engine: string;
  readonly fault: string;
  readonly keys: number;
  /** Effects beyond the first of a key. */
  readonly repeats: number;
  readonly violations: number;
}

/** Beside the sources, so that a change of the pages shows which runs it stands on. */
const recordedFile: string = fileURLToPath(new URL('../../recorded-runs.json', import.meta.url));

export function readRecorded(): RecordedRun[] {
  return existsSync(recordedFile) ? JSON.parse(readFileSync(recordedFile, 'utf8')) : [];
}

/** Puts the runs of an engine in the place of its earlier ones. */
export function recordRuns(engine: string, results: readonly PhaseResult[]): RecordedRun[] {
  const runs = results.map(({ phase, keys, repeats, violations }) => ({
    engine,
    fault: phase,
    keys,
    repeats: repeats.length,
    violations: violations.length,
  }));
  const all = [...readRecorded().filter((run) => run.engine !== engine), ...runs];
  writeFileSync(recordedFile, `${JSON.stringify(all, undefined, 2)}\n`);
  return all;
}
