import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where fetched engines are kept: in the workspace's `node_modules`, else in the temp folder. */
export function cacheFolder(): string {
  const root = workspaceRoot(import.meta.dirname);
  const folder = root
    ? join(root, 'node_modules', '.cache', 'twiceproof-engines')
    : join(tmpdir(), 'twiceproof-engines');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function workspaceRoot(folder: string): string | undefined {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : workspaceRoot(parent);
}
