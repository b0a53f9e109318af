import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../src/page-list.ts';

export const site: string = join(root, 'apps/docs/dist/site');

/** A page as a browser gets it. */
export interface BuiltPage {
  /** Path on the site, for example `packages/core.html`. */
  readonly path: string;
  readonly html: string;
  readonly anchors: ReadonlySet<string>;
}

export function builtPages(): BuiltPage[] {
  return globSync('**/*.html', { cwd: site }).map((path) => {
    const html = readFileSync(join(site, path), 'utf8');
    const anchors = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id ?? ''));
    return { path, html, anchors };
  });
}
