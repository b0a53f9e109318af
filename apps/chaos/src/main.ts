#!/usr/bin/env node
import { help, readArguments, UsageError } from './arguments.ts';
import { report } from './report.ts';
import { run } from './run.ts';

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) process.stdout.write(help);
  else await runAll(asked);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}; see --help\n`);
  process.exitCode = 2;
}

async function runAll({ subjects, keys, seed }: ReturnType<typeof readArguments>): Promise<void> {
  console.log(`seed ${seed}`);
  for (const subject of subjects) {
    console.log(`\n${subject.name}`);
    const onPhase = (result: Parameters<typeof report>[0]) => console.log(report(result));
    const results = await run(subject, { keys, seed, onPhase });
    if (results.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
  }
}
