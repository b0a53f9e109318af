import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { entriesOf, type Manifest } from './entries.ts';

/**
 * Writes `dist/<entry>.js` with a source map beside it. What the package is installed with, or next
 * to, stays an import; anything else, such as a development dependency, becomes a part of the file,
 * with its licence. What is imported on demand becomes a part of its own, `dist/<name>.part.js`.
 *
 * What entries share becomes a part, too. Where they are `together`, it is in the file of the first of them,
 * as each file takes Node a while to find and read, however small it is. That file then exports to the others
 * more than its declarations say, under names of a letter or two.
 */
export async function bundle(
  folder: string,
  manifest: Manifest,
  { together }: { readonly together: boolean },
): Promise<void> {
  const outside = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const isOutside = (id: string): boolean =>
    id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`));
  const entries = entriesOf(manifest);
  const licences = new Map<string, string>();
  const build = await rolldown({
    cwd: folder,
    input: { ...entries },
    preserveEntrySignatures: together ? 'allow-extension' : 'strict',
    platform: 'neutral',
    external: isOutside,
    // Without Node's condition: packages have heavier entries for it.
    resolve: { conditionNames: ['import', 'default'], mainFields: ['module', 'main'] },
    plugins: [noteLicences(licences), ...(together ? [withFirst(folder, entries)] : [])],
    onLog(level, log) {
      if (level === 'warn') throw new Error(`${folder}: ${log.message}`);
    },
  });
  // Parts that no entry has any more would be published.
  for (const old of globSync('dist/**/*.part.js{,.map}', { cwd: folder }))
    rmSync(join(folder, old));
  try {
    await build.write({
      dir: 'dist',
      format: 'esm',
      sourcemap: true,
      // The sources lie beside it. Node reads the rest sooner, and ASCII takes half the memory.
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

/** Lets all other entries import the first, so that what they share with it may be in its file. */
function withFirst(folder: string, entries: Readonly<Record<string, string>>): Plugin {
  const [first, ...others] = Object.values(entries).map((source) => join(folder, source));
  return {
    name: 'with-first',
    resolveId: (source) =>
      source === 'first-entry' ? { id: first!, moduleSideEffects: 'no-treeshake' } : null,
    // Behind all else, so that the lines stay where the source map says.
    transform: (code, id) => (others.includes(id) ? `${code}\nimport 'first-entry';` : null),
  };
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
