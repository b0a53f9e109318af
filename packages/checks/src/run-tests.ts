// Builds and packs all packages, runs their test suites, or those that turbo's own options select, and sums them up.
import { spawnSync } from 'node:child_process';
import { runSuites } from './suites/run-suites.ts';
import { forgetReports, reportPath, suites, tallies } from './suites/suites.ts';

const selection = process.argv.slice(2);

const vitest = [
  '--slow-test-threshold=10000',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportPath}`,
];

forgetReports();
// A package that does not compile is no reason to say nothing about the others.
const built = turbo(
  'inherit',
  ...['build', 'check:package'],
  ...['--continue=dependencies-successful', '--output-logs=errors-only'],
).isFine;
const selected = selectedSuites();
const ended = await runSuites(selected, vitest);

// A selection leaves the other suites without a report, which is no fault of theirs.
const names = selected.map(({ manifest }) => manifest.name);
const ran = tallies().filter((each) => names.includes(each.suite));
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

function selectedSuites() {
  if (selection.length === 0) return suites;
  const { isFine, output } = turbo('pipe', 'test', '--only', '--dry=json', ...selection);
  if (!isFine) process.exit(1);
  const { tasks } = JSON.parse(output) as { tasks: { package: string }[] };
  return suites.filter(({ manifest }) => tasks.some((task) => task.package === manifest.name));
}

function turbo(stdout: 'inherit' | 'pipe', ...args: string[]) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const { status, stdout: output } = spawnSync('turbo', ['run', ...args], {
    stdio: ['inherit', stdout, 'inherit'],
    encoding: 'utf8',
    env,
  });
  return { isFine: status === 0, output };
}
