#!/usr/bin/env node
import { UsageError } from './arguments.ts';
import { bench } from './bench.ts';

try {
  const complete = await bench(process.argv.slice(2), process.stdout);
  if (!complete) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}; see --help\n`);
  process.exitCode = 2;
}
