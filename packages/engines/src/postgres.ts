import { join } from 'node:path';
import { preparePostgresData } from './postgres-data.ts';
import { postgresProgram } from './postgres-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { unprivilegedUser } from './unprivileged-user.ts';
import { userEngine } from './user-engine.ts';

export interface PostgresEngine extends ServerProcess {
  /** `postgres://user@host:port/database` */
  readonly url: string;
}

export interface PostgresOptions {
  /** 18 unless told otherwise. */
  readonly version?: 15 | 18;
  /** Settings, e.g. `{ max_connections: '300' }`; means a server of our own. */
  readonly config?: Readonly<Record<string, string>>;
  /** A server of our own, also where POSTGRES_URL is set. */
  readonly own?: boolean;
}

/** One Postgres: that of POSTGRES_URL where set, else an empty one of our own. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresEngine> {
  const given = process.env.POSTGRES_URL;
  if (given && !options.own && !options.config) {
    const port = Number(new URL(given).port || 5432);
    return Object.assign(userEngine('Postgres', 'POSTGRES_URL'), { url: given, port });
  }
  const version = options.version ?? 18;
  const { bin, env } = await postgresProgram(version);
  const user = unprivilegedUser();
  const messages = { ...env, LC_ALL: 'C' };
  const settings = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...options.config,
  });
  const server = await startServer({
    name: 'postgres',
    command: join(bin, 'postgres'),
    env: messages,
    user,
    prepare: (folder) => preparePostgresData(folder, { bin, version, env: messages, user }),
    args: (port, folder) => [
      ...['-D', folder, '-p', String(port)],
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ready: /database system is ready to accept connections/,
    stopSignal: 'SIGINT',
    crashSignal: 'SIGQUIT',
  });
  return Object.assign(server, { url: `postgres://postgres@127.0.0.1:${server.port}/postgres` });
}
