import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prometheusPrograms } from './prometheus-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export interface PrometheusEngine extends ServerProcess {
  /** `http://host:port` */
  readonly url: string;
}

/** One Prometheus with this configuration, always of our own. */
export async function startPrometheus(config: string): Promise<PrometheusEngine> {
  const { prometheus } = await prometheusPrograms();
  const server = await startServer({
    name: 'prometheus',
    command: prometheus,
    args: (port, folder) => [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    prepare: (folder) => writeFile(join(folder, 'prometheus.yaml'), config),
    ready: /Server is ready to receive web requests/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { url: `http://127.0.0.1:${server.port}` });
}
