#!/usr/bin/env node
import { help, readArguments } from './arguments.ts';
import { runDemo } from './demo.ts';
import { DemoError } from './demo-error.ts';

const stop = new AbortController();
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(help);
  } else {
    for (const [signal, code] of Object.entries(exitCodes)) {
      process.on(signal, () => {
        // The first time workers finish what they have in hand; nobody waits for that twice.
        if (stop.signal.aborted) process.exit(code);
        stop.abort(signal);
      });
    }
    const exitCode = await runDemo(args, process.stdout, stop.signal);
    process.exitCode = stop.signal.aborted
      ? exitCodes[stop.signal.reason as keyof typeof exitCodes]
      : exitCode;
  }
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
