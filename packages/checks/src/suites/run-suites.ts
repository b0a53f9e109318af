import { join } from 'node:path';
import { command } from '../command.ts';
import { root, type WorkspacePackage } from '../workspace.ts';

/** What takes long begins first: at the end it would run alone, with nobody to use what it leaves of the machine. */
export const longest = [
  ...['chaos', 'checks', 'postgres', 'simulation', 'redis', 'console-tests', 'conformance'],
  ...['messaging', 'demo', 'observability', 'docs', 'cli', 'mysql', 'benchmarks', 'core'],
].map((name) => `@twiceproof/${name}`);

/** Suites bring their own databases along, and often wait: more than three at once starve each other. */
const atOnce = 3;

/** Runs suites and prints what each says once it has ended; answers whether all went well. */
export async function runSuites(
  suites: readonly WorkspacePackage[],
  args: readonly string[],
): Promise<boolean> {
  const waiting = suites.toSorted((one, other) => rank(one) - rank(other));
  let allWell = true;
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { path, manifest } = next;
      const begun = performance.now();
      // Node's own runner of scripts is at work before a package manager has read its configuration.
      const run = ['--run', 'test', '--', ...args];
      const { code, output } = await command(process.execPath, run, { cwd: join(root, path) });
      const seconds = Math.round((performance.now() - begun) / 1_000);
      console.log(`\n=== ${manifest.name}, ${seconds} s\n${output}`);
      allWell &&= code === 0;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return allWell;
}

function rank({ manifest }: WorkspacePackage): number {
  const at = longest.indexOf(manifest.name);
  return at === -1 ? longest.length : at;
}
