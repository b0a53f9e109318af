import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(import.meta.resolve('@informalsystems/quint/dist/src/cli.js'));
const model = fileURLToPath(new URL('../records.qnt', import.meta.url));

const invariants = [
  ...['exclusivity', 'stability', 'ownership', 'oneStartPerClaim'],
  ...['neverFreedAfterSuccess', 'risingFence', 'unknownIsNotFailure'],
];

function quint(...args: string[]) {
  // The other backend is a program that would have to be downloaded.
  const all = [program, ...args, '--backend=typescript'];
  const { stdout, stderr, status } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  return { said: `${stdout}${stderr}`, status };
}

test('what is built holds in 120 random histories of 60 steps, in some of which an attempt is taken over', () => {
  const { said, status } = quint(
    ...['run', model, '--max-samples=120', '--max-steps=60', '--seed=7', '--verbosity=1'],
    ...['--invariants', ...invariants, '--witnesses', 'tookOver'],
  );
  expect(said).toContain('No violation found');
  expect(status).toBe(0);
  const [, count] = /tookOver was witnessed in (\d+) trace/.exec(said) ?? [];
  expect(Number(count)).toBeGreaterThan(0);
});

test('each mutant violates the invariant that is named with it', () => {
  const mutants = readFileSync(model, 'utf8').match(/(?<= run )\w+Test\b/g)!;
  expect(mutants.length).toBeGreaterThanOrEqual(invariants.length);
  const { said, status } = quint('test', model, '--max-samples=1');
  for (const mutant of mutants) expect(said).toContain(`ok ${mutant} passed`);
  expect(status).toBe(0);
});
