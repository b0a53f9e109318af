import { fileURLToPath } from 'node:url';

/** The older version is what this commit makes. What is to be released takes its place. */
export const olderCommit = '7b7e880315a0';

/** Core and the stores of Redis and Postgres in one file, as `pack-older.ts` makes them of a commit. */
export function packedVersion(commit: string): string {
  return fileURLToPath(new URL(`older/${commit}.mjs.gz`, import.meta.url));
}
