import { processorTime } from '../measuring/load.ts';

/** Prints how much processor time importing these modules takes in a process that has done nothing else. */
// Starting to load anything costs Node some milliseconds, whatever it is.
await import('node:path');
const before = processorTime();
for (const name of process.argv.slice(2)) await import(name);
// Before the stream is made, which takes Node some milliseconds too.
const cost = processorTime() - before;
process.stdout.write(String(cost / 1_000));
