// Sums up one run of everything: the tests of all suites, and the stages that failed without a failed test.
import { tallies } from './suites/suites.ts';

const failedStages = process.argv.slice(2);

const all = tallies();
const failures = all.flatMap((each) => each.failures);
const unexplained = failedStages.filter((stage) => stage !== 'tests' || failures.length === 0);
for (const stage of unexplained) console.log(`failed: ${stage}`);
for (const line of all.flatMap((each) => each.retried)) console.log(`at a second try: ${line}`);
for (const failure of failures) console.log(`failed: ${failure}`);

const passed = all.reduce((sum, each) => sum + each.passed, 0);
const failed = failures.length + unexplained.length;
console.log(`${passed} passed, ${failed} failed`);
// Not 1, which is also what a crash of this program would end with.
process.exitCode = failed === 0 ? 0 : 3;
