import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

export interface DynamodbEngine extends ServerProcess {
  /** `http://host:port`; any region and any credentials will do. */
  readonly endpoint: string;
}

export interface DynamodbOptions {
  /** Keeps its tables in a file, so that they survive kill() and restart(); in memory by default. */
  readonly durable?: boolean;
  /** A server of our own, also where DYNAMODB_ENDPOINT is set. */
  readonly own?: boolean;
}

/** One DynamoDB: that of DYNAMODB_ENDPOINT where set, else an empty dynoxide of our own. */
export async function startDynamodb(options: DynamodbOptions = {}): Promise<DynamodbEngine> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given && !options.own && !options.durable) {
    const { port, protocol } = new URL(given);
    return Object.assign(userEngine('DynamoDB', 'DYNAMODB_ENDPOINT'), {
      endpoint: given,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
    });
  }
  const server = await startServer({
    name: 'dynamodb',
    command: dynoxide(),
    args: (port, folder) => [
      ...['serve', '--host', '127.0.0.1', '--port', String(port)],
      ...(options.durable ? ['--db-path', join(folder, 'dynamodb.sqlite')] : []),
    ],
    ready: /listening on/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  return Object.assign(server, { endpoint: `http://127.0.0.1:${server.port}` });
}

function dynoxide(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(found), 'dynoxide');
  } catch (cause) {
    throw new Error(
      `DynamoDB is played by ${name}, which is not installed: add it with your package manager, or set DYNAMODB_ENDPOINT to a DynamoDB Local.`,
      { cause },
    );
  }
}
