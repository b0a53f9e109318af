import { fileURLToPath } from 'node:url';

/** The older version is what this commit makes. What is to be released takes its place. */
export const olderCommit = '4d51e4eebbc2';

/** Core and the stores that other processes can share in one file, as `pack-older.ts` makes them of a commit. */
export function packedVersion(commit: string): string {
  return fileURLToPath(new URL(`older/${commit}.mjs.gz`, import.meta.url));
}
