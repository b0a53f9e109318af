import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../command.ts';
import { root } from '../workspace.ts';
import { page } from './document.ts';
import { examples } from './example.ts';
import { fences } from './fence.ts';
import { linkModules } from './linked-modules.ts';

const file = 'docs/five-minutes.md';
const document = page(file, readFileSync(join(root, file), 'utf8'));
const [order] = examples(document);

/** Each session of the page: a command, and what it says is printed. */
const sessions = fences(document)
  .filter((fence) => fence.language === 'console')
  .map(({ lines }) => {
    const [typed = '', ...printed] = lines.map((line) => line.text);
    return { typed: typed.replace(/^\$ /, ''), printed: printed.join('\n') };
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-five-minutes-'));
  linkModules(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(folder, 'order.ts'), order?.lines.map(({ text }) => text).join('\n') ?? '');
});
afterAll(() => rmSync(folder, { recursive: true }));

// In their order: what one leaves behind, the next one finds.
test('the sessions of the first page print what it says', { timeout: 120_000 }, async () => {
  for (const { typed, printed } of sessions) {
    const [program = '', ...args] = typed.split(' ');
    const { code, output } = await command(program, args, { cwd: folder });
    expect({ typed, printed: output.trim(), code }).toEqual({
      typed,
      printed,
      code: args.includes('crash') ? 1 : 0,
    });
  }
  expect(sessions).toHaveLength(3);
});
