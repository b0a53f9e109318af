import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pgbouncerProgram } from './pgbouncer-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

export interface PgbouncerEngine extends ServerProcess {
  /** The target's URL, through the pooler. */
  readonly url: string;
}

export interface PgbouncerOptions {
  /** `postgres://user@host:port/database` of the server behind it. */
  readonly target: string;
  /** When a connection goes to another client. `transaction` unless told otherwise. */
  readonly mode?: 'session' | 'transaction';
}

/** One PgBouncer in front of a Postgres that asks for no password, always of our own. */
export async function startPgbouncer(options: PgbouncerOptions): Promise<PgbouncerEngine> {
  const { target, mode = 'transaction' } = options;
  const { command, env } = await pgbouncerProgram();
  const { hostname, port: targetPort, username } = new URL(target);
  const server = await startServer({
    name: 'pgbouncer',
    command,
    env,
    user: unprivilegedUser(),
    prepare: (folder, port) =>
      writeFile(
        join(folder, 'pgbouncer.ini'),
        [
          '[databases]',
          `* = host=${hostname} port=${targetPort} user=${username}`,
          '[pgbouncer]',
          'listen_addr = 127.0.0.1',
          `listen_port = ${port}`,
          'unix_socket_dir =',
          'auth_type = any',
          `pool_mode = ${mode}`,
          'ignore_startup_parameters = extra_float_digits',
          '',
        ].join('\n'),
      ),
    args: (_port, folder) => [join(folder, 'pgbouncer.ini')],
    ready: /process up/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  const url = new URL(target);
  url.host = `127.0.0.1:${server.port}`;
  return Object.assign(server, { url: url.href });
}
