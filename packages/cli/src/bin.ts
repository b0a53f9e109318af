#!/usr/bin/env node
import { userInfo } from 'node:os';
import { enableCompileCache } from './compile-cache.ts';
import { nodeProblem } from './node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(`twiceproof: ${problem}\n`);
  process.exit(2);
}
// Before anything is imported that is worth keeping.
enableCompileCache();
const { main } = await import('./main.ts');

const { stdin, stdout, stderr } = process;

// Whoever reads the output, such as `head`, may have seen enough; what was asked for is done all the same.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
}

const exitCode = await main(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  cwd: process.cwd(),
  user: userName(),
  onInterrupt(listener) {
    process.once('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
});

// What a configuration file left open must not keep the process.
stdout.write('', () => stderr.write('', () => process.exit(exitCode)));

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return undefined;
  }
}
