#!/usr/bin/env node
import { help, readArguments } from './arguments.ts';
import { runDemo } from './demo.ts';
import { DemoError } from './demo-error.ts';
import { stopOnSignals } from './stop-signals.ts';

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(help);
  } else {
    const stop = stopOnSignals();
    const exitCode = await runDemo(args, process.stdout, stop.signal);
    process.exitCode = stop.exitCode() ?? exitCode;
  }
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
