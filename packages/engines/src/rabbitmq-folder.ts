import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executableOnPath } from './executable-on-path.ts';
import { freePort } from './free-port.ts';
import type { RabbitmqProgram } from './rabbitmq-program.ts';

/** Writes configuration and start script of a RabbitMQ that keeps everything in this folder. */
export async function prepareRabbitmq(
  { erlang, bin, release }: RabbitmqProgram,
  folder: string,
  port: number,
): Promise<void> {
  const [mapper, distribution] = [await freePort(), await freePort()];
  // Debian's own `erl` knows only the place where its package would be installed.
  await writeFile(join(folder, 'erl'), '#!/bin/sh\nexec "$BINDIR/erlexec" "$@"\n', { mode: 0o755 });
  await writeFile(join(folder, 'rabbitmq.conf'), configuration(port));
  const variables = {
    HOME: folder,
    ROOTDIR: erlang,
    BINDIR: bin,
    EMU: 'beam',
    PROGNAME: 'erl',
    PATH: `${folder}:${bin}:${process.env.PATH}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapper),
    // Without a shell in between, which would end without its server when it is killed.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_NODENAME: 'rabbit@localhost',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
  };
  const setpriv = executableOnPath('setpriv');
  const bound = setpriv ? `${setpriv} --pdeathsig SIGKILL -- ` : '';
  // Erlang's port mapper is started here: one that the server starts by itself would outlive it.
  const script = `#!/bin/sh
${bound}epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
epmd=$!
${bound}${join(release, 'sbin/rabbitmq-server')} &
server=$!
trap 'kill -TERM $server' TERM INT
wait $server
wait $server
kill $epmd
`;
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(join(folder, 'start'), script.replace('\n', `\n${exports.join('')}`));
}

function configuration(port: number): string {
  return `listeners.tcp.1 = 127.0.0.1:${port}
log.console = true
log.file = false
# Two that are missed are a lost connection.
heartbeat = 10
`;
}
