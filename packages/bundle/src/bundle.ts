import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { entriesOf, type Manifest } from './entries.ts';

/**
 * Writes `dist/<entry>.js` with a source map beside it. What the package is installed with, or next
 * to, stays an import; anything else, such as a development dependency, becomes a part of the file,
 * with its licence.
 */
export async function bundle(folder: string, manifest: Manifest): Promise<void> {
  const outside = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const isOutside = (id: string): boolean =>
    id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`));
  const licences = new Map<string, string>();
  const build = await rolldown({
    cwd: folder,
    input: { ...entriesOf(manifest) },
    platform: 'neutral',
    external: isOutside,
    // Without Node's condition: packages have heavier entries for it.
    resolve: { conditionNames: ['import', 'default'], mainFields: ['module', 'main'] },
    plugins: [noteLicences(licences)],
    onLog(level, log) {
      if (level === 'warn') throw new Error(`${folder}: ${log.message}`);
    },
  });
  try {
    await build.write({
      dir: 'dist',
      format: 'esm',
      sourcemap: true,
      // The sources are beside it. Node reads what is left sooner, and keeps a text of nothing but ASCII in half the memory.
      comments: { legal: true, annotation: true, jsdoc: false },
      charset: 'ascii',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].part.js',
      banner: ({ moduleIds }) =>
        [...new Set(moduleIds.flatMap((id) => licences.get(id) ?? []))].join('\n'),
    });
  } finally {
    await build.close();
  }
}

/** Notes the licence of every module that is brought along. */
function noteLicences(licences: Map<string, string>): Plugin {
  return {
    name: 'note-licences',
    load(id) {
      const [, root, name] = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id) ?? [];
      if (root !== undefined) {
        const text = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
        licences.set(id, `/*! Contains ${name}:\n\n${text.replaceAll('*/', '* /')}\n*/`);
      }
      return null;
    },
  };
}
