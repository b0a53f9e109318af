import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { LambdaHandler } from './invoke.ts';

/** Builds the handlers into one CommonJS file, and loads it as Lambda does. */
export async function bundled(folder: string): Promise<Record<string, LambdaHandler>> {
  const outfile = join(folder, 'index.cjs');
  await build({
    entryPoints: [new URL('./handlers.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    outfile,
  });
  return createRequire(outfile)(outfile);
}
