import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { classOnDemand } from './class-on-demand.ts';
import { entriesOf, type Manifest } from './entries.ts';
import { ownSourceMap } from './own-source-map.ts';
import { keepPrivateNames } from './private-names.ts';
import { sharedParts } from './shared-parts.ts';

export interface BundleOptions {
  /** The part that holds what entries share: most of what they import. */
  readonly together?: string | undefined;
  /** The part that holds what parts on demand share; see {@link sharedParts}. */
  readonly shared?: string | undefined;
  /** A class of a package that is brought along, as `specifier#name`; see {@link classOnDemand}. */
  readonly class?: string | undefined;
}

/**
 * Writes `dist/<entry>.js` with a source map beside it. What the package is installed with, or next
 * to, stays an import; anything else, such as a development dependency, becomes a part of the file,
 * with its licence. What is imported on demand becomes a part of its own, `dist/<name>.part.js`.
 *
 * What is shared may be brought together: each file takes Node a while to find and read, however
 * small it is.
 */
export async function bundle(
  folder: string,
  manifest: Manifest,
  { together, shared, class: broughtClass }: BundleOptions,
): Promise<void> {
  const outside = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const isPackage = (id: string): boolean =>
    outside.some((name) => id === name || id.startsWith(`${name}/`));
  const isOutside = (id: string): boolean => id.startsWith('node:') || isPackage(id);
  const groups = [
    ...(together === undefined ? [] : [{ name: together, tags: ['$initial' as const] }]),
    ...(shared === undefined ? [] : sharedParts(shared, isPackage)),
  ];
  const licences = new Map<string, string>();
  const build = await rolldown({
    cwd: folder,
    input: { ...entriesOf(manifest) },
    platform: 'neutral',
    external: isOutside,
    // Without Node's condition: packages have heavier entries for it.
    resolve: { conditionNames: ['import', 'default'], mainFields: ['module', 'main'] },
    plugins: [
      noteLicences(licences),
      ...(broughtClass === undefined ? [] : [classOnDemand(broughtClass)]),
      readSourceMaps,
      keepPrivateNames(),
    ],
    // It warns of what takes long, as anything does on a busy machine.
    checks: { bundlerTimings: false },
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
      // Short names are read sooner. Those of functions and classes are in stack traces, as are lines.
      minify: {
        compress: { keepNames: keptNames, sequences: false, joinVars: false },
        mangle: { keepNames: keptNames },
        codegen: { removeWhitespace: false },
      },
      codeSplitting: { groups },
      entryFileNames: '[name].js',
      chunkFileNames: '[name].part.js',
      banner: ({ moduleIds }) =>
        [...new Set(moduleIds.flatMap((id) => licences.get(id) ?? []))].join('\n'),
    });
  } finally {
    await build.close();
  }
}

const keptNames = { function: true, class: true };

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

/** Of another package of the workspace the compiled files are bundled: errors are to lead to its sources. */
const readSourceMaps: Plugin = {
  name: 'read-source-maps',
  load(id) {
    if (!id.endsWith('.js') || id.includes('/node_modules/')) return null;
    const map = ownSourceMap(id);
    return map === undefined ? null : { code: readFileSync(id, 'utf8'), map };
  },
};
