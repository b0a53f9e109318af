// Builds and packs all packages, runs their test suites, or those that turbo's own options select, and sums them up.
import { spawnSync } from 'node:child_process';
import { forgetReports, reportPath, tallies } from './suites/suites.ts';

const selection = process.argv.slice(2);

// Suites bring their own databases along, and often wait: more than three at once starve each other.
const suites = ['--only', '--continue=always', '--concurrency=3'];
const output = ['--log-order=grouped', '--log-prefix=none'];
const vitest = [
  '--slow-test-threshold=10000',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportPath}`,
];

forgetReports();
// A package that does not compile is no reason to say nothing about the others.
const built = turbo(
  ...['build', 'check:package'],
  ...['--continue=dependencies-successful', '--output-logs=errors-only'],
);
const ended = turbo('test', ...suites, ...output, ...selection, '--', ...vitest);

// A selection leaves the other suites without a report, which is no fault of theirs.
const ran = tallies().filter((each) => selection.length === 0 || each.reported);
const failures = ran.flatMap((each) => each.failures);
const width = Math.max(0, ...ran.map((each) => each.suite.length));
console.log('\nTests by package');
for (const { suite, passed, failures } of ran) {
  const counts = `${String(passed).padStart(5)} passed  ${failures.length} failed`;
  console.log(`  ${suite.padEnd(width)}${counts}`);
}
for (const line of ran.flatMap((each) => each.retried)) console.log(`  at a second try: ${line}`);
for (const failure of failures) console.log(`  failed: ${failure}`);
if (!built) console.log('  Not everything could be built and packed; see above.');
process.exitCode = built && ended && failures.length === 0 ? 0 : 1;

function turbo(...args: string[]): boolean {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  return spawnSync('turbo', ['run', ...args], { stdio: 'inherit', env }).status === 0;
}
