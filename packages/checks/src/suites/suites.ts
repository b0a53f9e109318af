import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packages, root, type WorkspacePackage } from '../workspace.ts';
import { type Tally, tallyOf } from './report.ts';

/** Where a suite leaves its report, from the root of its package. */
export const reportPath = '.cache/test-report.json';

export const suites: readonly WorkspacePackage[] = packages.filter(
  ({ manifest }) => manifest.scripts?.test !== undefined,
);

/** Without this a suite that crashes would be judged by the report of an earlier run. */
export function forgetReports(): void {
  for (const { path } of suites) rmSync(join(root, path, reportPath), { force: true });
}

export function tallies(): Tally[] {
  return suites.map(({ path, manifest }) => tallyOf(manifest.name, join(root, path, reportPath)));
}
