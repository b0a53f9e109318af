#!/usr/bin/env node
import { help, readArguments, UsageError } from './arguments.ts';
import { recordRuns } from './guarantees/recorded-run.ts';
import { updatePages } from './guarantees/update-page.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { growthOf } from './soak/growth.ts';
import type { Sample } from './soak/sample.ts';
import { soak } from './soak/soak.ts';

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) process.stdout.write(help);
  else if (asked.soakMs !== undefined) await runSoak(asked.soakMs, asked.seed);
  else await runAll(asked);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}; see --help\n`);
  process.exitCode = 2;
}

async function runAll({
  subjects,
  keys,
  seed,
  record,
}: ReturnType<typeof readArguments>): Promise<void> {
  console.log(`seed ${seed}`);
  for (const subject of subjects) {
    console.log(`\n${subject.name}`);
    const onPhase = (result: Parameters<typeof report>[0]) => console.log(report(result));
    const results = await run(subject, { keys, seed, onPhase });
    if (record) updatePages(recordRuns(subject.name, results));
    if (results.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
  }
}

async function runSoak(ms: number, seed: number): Promise<void> {
  console.log(`seed ${seed}`);
  let count = 0;
  const onSample = (taken: Sample) => {
    if (count % 30 === 0) console.log(`${String(count).padStart(5)} s  ${JSON.stringify(taken)}`);
    count += 1;
  };
  const { samples, outcomes } = await soak({ ms, seed, onSample });
  const growth = growthOf(samples);
  console.log(Object.fromEntries(outcomes));
  console.log(growth.length === 0 ? 'nothing grew' : growth.join('\n'));
  if (growth.length > 0) process.exitCode = 1;
}
