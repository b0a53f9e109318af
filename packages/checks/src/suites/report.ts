import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { root } from '../workspace.ts';

/** What one test suite came to. */
export interface Tally {
  readonly suite: string;
  /** False when the suite ended without saying anything. */
  readonly reported: boolean;
  readonly passed: number;
  /** What went wrong, a line each: a failed test, a skipped one, a file or a suite that crashed. */
  readonly failures: readonly string[];
  /** Tests that passed at a second try only, where their suite allows one. */
  readonly retried: readonly string[];
}

/** The part of Vitest's JSON report that is read here. */
export interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      /** Of every try. */
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Reads a suite's report; one that is missing or cut short means that the suite crashed. */
export function tallyOf(suite: string, reportFile: string): Tally {
  try {
    return tally(suite, JSON.parse(readFileSync(reportFile, 'utf8')));
  } catch {
    const failures = [`${suite} ended without a report`];
    return { suite, reported: false, passed: 0, failures, retried: [] };
  }
}

export function tally(suite: string, { success, testResults }: Report): Tally {
  const tests = testResults.flatMap((file) =>
    file.assertionResults.map(({ fullName, status, failureMessages = [] }) => ({
      status,
      isRetried: status === 'passed' && failureMessages.length > 0,
      line: `${placeOf(file.name)} > ${fullName}${status === 'failed' || status === 'passed' ? '' : ` (${status})`}`,
    })),
  );
  const notPassed = tests.filter((each) => each.status !== 'passed').map((each) => each.line);
  const unread = testResults
    .filter((file) => file.status === 'failed' && file.assertionResults.every(passed))
    .map((file) => `${placeOf(file.name)} failed outside its tests`);
  const failures = [...notPassed, ...unread];
  const unexplained = !success && failures.length === 0;
  return {
    suite,
    reported: true,
    passed: tests.length - notPassed.length,
    failures: unexplained ? [`${suite} failed outside its tests`] : failures,
    retried: tests.filter((each) => each.isRetried).map((each) => each.line),
  };
}

function passed({ status }: { readonly status: string }): boolean {
  return status === 'passed';
}

function placeOf(file: string): string {
  return isAbsolute(file) ? relative(root, file) : file;
}
