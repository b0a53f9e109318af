import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/** What a source map says of the sources, as far as it is looked at here. */
interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/**
 * The source map that lies beside a compiled file, with the sources in it: where that file becomes a part of
 * another package's, they are not published beside it.
 */
export function ownSourceMap(file: string): string | undefined {
  const beside = `${file}.map`;
  if (!existsSync(beside)) return undefined;
  const map: SourceMap = JSON.parse(readFileSync(beside, 'utf8'));
  const folder = dirname(file);
  const paths = map.sources.map((source) => resolve(folder, source));
  return JSON.stringify({
    ...map,
    sources: paths.map((path) => relative(folder, path)),
    sourcesContent: paths.map((path, at) => map.sourcesContent?.[at] ?? readFileSync(path, 'utf8')),
  });
}
