import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundle } from './bundle.ts';

const source = `
const refuse = (reasonInWords: string) => { throw new Error(reasonInWords); };
class Till {
  #balance = 0;
  #refuseAll = (reasonInWords: string) => refuse(reasonInWords);
  get #isOpen(): boolean { return this.#balance === 0 && this.#refuseAll('closed'); }
  #charge(amount: number): boolean { this.#balance += amount - amount; return this.#isOpen; }
  charge(amount: number): boolean { return this.#charge(amount); }
}
export function charge(amount: number): boolean { return new Till().charge(amount); }
`;

function stackOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).stack ?? '';
  }
  throw new Error('nothing was thrown');
}

test('functions, classes and their private methods keep their names in stack traces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-bundle-'));
  try {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/index.ts'), source);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    await bundle(folder, { exports: { '.': './dist/index.js' } }, {});
    const file = join(folder, 'dist/index.js');
    expect(readFileSync(file, 'utf8')).not.toContain('reasonInWords');
    const { charge } = await import(pathToFileURL(file).href);
    const stack = stackOf(() => charge(5));
    for (const name of ['refuse', '#refuseAll', '#isOpen', '#charge', 'Till.charge', 'charge']) {
      expect(stack).toMatch(new RegExp(`at .*(?<![\\w#])${name} `));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
