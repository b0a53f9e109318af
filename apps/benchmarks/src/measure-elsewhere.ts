import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { type Extent, emptyReport } from './measure.ts';
import type { Report } from './measuring/result.ts';

/** Runs one benchmark in a process of its own, which writes its tables where this one does. */
export async function measureElsewhere(
  name: string,
  extent: Extent,
  tables: boolean,
): Promise<Report> {
  const worker = fork(
    new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
    [JSON.stringify({ name, tables, ...extent })],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  let report: Report | undefined;
  worker.on('message', (message) => {
    report = message as Report;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (...ended) => resolve(ended));
  });
  if (report) return report;
  // For want of memory, say. The other benchmarks have a process of their own.
  const failure = `the process that measured it ended with ${signal ?? code}`;
  return { ...emptyReport(name), failure };
}
