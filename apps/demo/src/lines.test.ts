import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { linesOf } from './lines.ts';

async function linesIn(text: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twiceproof-lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lines.ndjson');
  writeFileSync(path, text);
  const lines: string[] = [];
  for await (const line of linesOf(path)) lines.push(line);
  return lines;
}

test('only a line feed ends a line', async () => {
  expect(await linesIn('{"a":"\u2028"}\n{"b":"\u0085"}\r\n')).toEqual([
    '{"a":"\u2028"}',
    '{"b":"\u0085"}\r',
  ]);
});

test('the last line needs no line feed, and empty lines count', async () => {
  expect(await linesIn('1\n\n3')).toEqual(['1', '', '3']);
});

test('a line that is larger than what is read at once stays one line', async () => {
  const long = 'é'.repeat(100_000);
  expect(await linesIn(`${long}\nshort`)).toEqual([long, 'short']);
});
