import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const throwing = `
const { charge } = await import(process.argv[1]);
try { charge(5); } catch ({ stack }) { console.log(stack); }
`;

test('functions, classes and their private methods keep their names in stack traces', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-bundle-'));
  try {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/index.ts'), source);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    await bundle(folder, { exports: { '.': './dist/index.js' } }, {});
    const file = join(folder, 'dist/index.js');
    expect(readFileSync(file, 'utf8')).not.toContain('reasonInWords');
    // In a process of its own: here, stack traces are led to the sources.
    const stack = execFileSync(
      process.execPath,
      ['--input-type=module', '--eval', throwing, file],
      {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    );
    for (const name of ['refuse', '#refuseAll', '#isOpen', '#charge', 'Till.charge', 'charge']) {
      expect(stack).toMatch(new RegExp(`at .*(?<![\\w#])${name} `));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
