import { join } from 'node:path';
import { type NatsVersion, natsProgram, natsVersions } from './nats-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

export interface NatsEngine extends ServerProcess {
  /** `nats://host:port` */
  readonly url: string;
}

export interface NatsOptions {
  /** Means a server of our own; the newest that can be had unless told otherwise. */
  readonly version?: NatsVersion;
  /** A server of our own, also where NATS_URL is set; for tests that stop it. */
  readonly own?: boolean;
}

/** One NATS with JetStream: that of NATS_URL where set, else one of our own that keeps its streams in files. */
export async function startNats(options: NatsOptions = {}): Promise<NatsEngine> {
  const given = process.env.NATS_URL;
  if (given && !options.own && !options.version) {
    const { port } = new URL(given);
    return Object.assign(userEngine('NATS', 'NATS_URL'), {
      url: given,
      port: Number(port || 4222),
    });
  }
  const server = await startServer({
    name: 'nats',
    command: await natsProgram(options.version ?? natsVersions()[0]!),
    args: (port, folder) => [
      ...['--addr', '127.0.0.1', '--port', String(port)],
      ...['--jetstream', '--store_dir', join(folder, 'jetstream')],
    ],
    ready: /Server is ready/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { url: `nats://127.0.0.1:${server.port}` });
}
