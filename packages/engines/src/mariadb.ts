import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mariadbProgram, prepareMariadbData } from './mariadb-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

export interface MariadbEngine extends ServerProcess {
  /** `mysql://root@host:port/database` */
  readonly url: string;
}

export interface MariadbOptions {
  /** A server of our own, also where MYSQL_URL is set; for tests that stop it. */
  readonly own?: boolean;
  /** More arguments of the server, which is then our own. */
  readonly config?: readonly string[];
}

/** One MariaDB: the server of MYSQL_URL where set, which may be a MySQL, else an empty one of our own. */
export async function startMariadb({
  config = [],
  own = config.length > 0,
}: MariadbOptions = {}): Promise<MariadbEngine> {
  const given = process.env.MYSQL_URL;
  if (given && !own) {
    const port = Number(new URL(given).port || 3306);
    return Object.assign(userEngine('MySQL', 'MYSQL_URL'), { url: given, port });
  }
  const program = await mariadbProgram();
  const server = await startServer({
    name: 'mariadb',
    command: program.command,
    env: program.env,
    prepare: async (folder) => {
      await mkdir(join(folder, 'data'));
      await prepareMariadbData(program, join(folder, 'data'));
    },
    args: (port, folder) => [
      ...['--no-defaults', `--datadir=${join(folder, 'data')}`, `--tmpdir=${folder}`],
      `--socket=${join(folder, 'sock')}`,
      ...[
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        '--max-connections=400',
        ...program.args,
        ...config,
      ],
    ],
    ready: /ready for connections/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  return Object.assign(server, { url: `mysql://root@127.0.0.1:${server.port}/twiceproof` });
}
