import { expect, test } from 'vitest';
import { proofPage } from '../src/mutants-table.ts';

test('the tables of docs/proof.md are those of the code', () => {
  const { is, shouldBe } = proofPage();
  expect(is, 'run: node apps/simulation/src/mutants-table.ts').toBe(shouldBe);
});
