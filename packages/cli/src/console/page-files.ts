import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

// The second one is where the sources find it, in tests.
const ownFolders = ['./page/', '../../dist/page/'];

/** The files of the page by their paths, read once. `/` is the page itself. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  const folders = ownFolders.map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const root = folders.find(existsSync);
  if (root === undefined) throw new Error('the page of the console is not in this package');
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path).split(sep).join('/');
    files.set(name === 'index.html' ? '/' : `/${name}`, { type, bytes: readFileSync(path) });
  }
  return files;
}
