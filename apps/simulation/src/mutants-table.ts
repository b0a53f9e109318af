// What is in docs/proof.md between its marks: node src/mutants-table.ts writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { faultyStores } from '@twiceproof/testing';
import { invariants } from './checkers/invariants.ts';
import { mutants } from './mutants/mutants.ts';
import { recordMutants } from './races/record-mutants.ts';
import { readRecorded } from './recorded-runs.ts';

const page = fileURLToPath(new URL('../../../docs/proof.md', import.meta.url));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** The tables of the page, by the names of their marks. */
const tables = {
  invariants: table(
    ['invariant', 'what holds', 'mutants that it catches'],
    Object.entries(invariants).map(([name, { says }]) => {
      const caught = mutants.filter(({ caughtBy }) => (caughtBy as string[]).includes(name));
      return [name, says, caught.map((mutant) => mutant.name).join(', ')];
    }),
  ),
  mutants: table(
    ['mutant', 'what it does wrong', 'caught by'],
    mutants.map(({ name, fault, caughtBy }) => [name, fault, caughtBy.join(', or ')]),
  ),
  'wrong logic': table(
    ['mutant', 'what it does wrong', 'caught by'],
    recordMutants.map(({ name, fault, caughtBy }) => [name, fault, caughtBy.join(', or ')]),
  ),
  'long runs': table(
    ['schedules of', 'seeds', 'schedules', 'violations', 'per second of processor time', 'commit'],
    readRecorded().map(({ of, from, schedules, violations, rate, commit }) => [
      of,
      `${from} to ${from + schedules - 1}`,
      schedules.toLocaleString('en'),
      String(violations),
      rate.toLocaleString('en'),
      commit ?? '',
    ]),
  ),
  'faulty stores': table(
    ['faulty store', 'what it does wrong', 'specs that fail on it'],
    faultyStores.map(({ name, fault, caughtBy }) => {
      const [first, ...others] = caughtBy;
      return [name, fault, `${first}${others.length > 0 ? `, and ${others.length} more` : ''}`];
    }),
  ),
};

/** The page as it is, and as it should be. */
export function proofPage(): { readonly is: string; readonly shouldBe: string } {
  const is = readFileSync(page, 'utf8');
  let shouldBe = is;
  for (const [name, text] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [shouldBe.indexOf(begin), shouldBe.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/proof.md has no marks ${begin} … ${end}`);
    shouldBe = `${shouldBe.slice(0, from + begin.length)}\n\n${text}\n\n${shouldBe.slice(to)}`;
  }
  return { is, shouldBe };
}

if (import.meta.main) writeFileSync(page, proofPage().shouldBe);
