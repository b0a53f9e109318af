import { join } from 'node:path';
import { debianPackages } from './debian-packages.ts';
import { executableOnPath } from './executable-on-path.ts';

/** The server and its tool. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** Prometheus and promtool: those on PATH, else Debian's, fetched into the cache folder. */
export async function prometheusPrograms(): Promise<PrometheusPrograms> {
  const prometheus = executableOnPath('prometheus');
  const promtool = executableOnPath('promtool');
  if (prometheus && promtool) return { prometheus, promtool };
  const folder = await debianPackages(
    'prometheus',
    ['prometheus'],
    'Put prometheus and promtool on PATH, e.g. `apt-get install prometheus` or `brew install prometheus`.',
  );
  const bin = join(folder, 'usr/bin');
  return { prometheus: join(bin, 'prometheus'), promtool: join(bin, 'promtool') };
}
