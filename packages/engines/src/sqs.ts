import { join } from 'node:path';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

export interface SqsEngine extends ServerProcess {
  /** `http://host:port`; any region and any credentials will do. */
  readonly endpoint: string;
}

export interface SqsOptions {
  /** A server of our own, also where SQS_ENDPOINT is set; for tests that stop it. */
  readonly own?: boolean;
}

/** An SQS: that of SQS_ENDPOINT where set, else fauxqs, which keeps its queues in memory. */
export async function startSqs(options: SqsOptions = {}): Promise<SqsEngine> {
  const given = process.env.SQS_ENDPOINT;
  if (given && !options.own) {
    const { port, protocol } = new URL(given);
    return Object.assign(userEngine('SQS', 'SQS_ENDPOINT'), {
      endpoint: given,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
    });
  }
  const server = await startServer({
    name: 'sqs',
    command: process.execPath,
    args: (port) => [join(import.meta.dirname, '../dist/sqs-server.js'), String(port)],
    ready: /SQS is listening/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { endpoint: `http://127.0.0.1:${server.port}` });
}
