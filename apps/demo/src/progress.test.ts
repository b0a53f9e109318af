import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { progressOn, type Standing } from './progress.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 };
  return { written, out: out as unknown as NodeJS.WriteStream };
}

function standing(settled: number): Standing {
  return { settled, deliveries: 40, executed: settled, replayed: 0, conflicts: 0, failed: 0 };
}

test('on a terminal one line is rewritten, and never reaches its edge', () => {
  const { written, out } = recorder(true);
  const progress = progressOn(out, () => written.length * 1_000);
  const much = { executed: 140_000, replayed: 140_000, conflicts: 140_000, failed: 140_000 };
  for (const counts of [{}, much]) progress.update({ ...standing(10), ...counts });
  progress.end();
  for (const text of written.slice(0, -1)) {
    expect(text.startsWith('\r\x1b[2K')).toBe(true);
    expect(stripVTControlCharacters(text).length).toBeLessThan(81);
  }
  expect(written.at(-1)).toBe('\n');
});

test('elsewhere there is a line for every tenth of the work, and for the end', () => {
  const { written, out } = recorder(false);
  const progress = progressOn(out, () => 0);
  for (let settled = 0; settled <= 40; settled += 1) progress.update(standing(settled));
  progress.end();
  const counts = written.map((line) => /(\d+)\/40/.exec(line)?.[1]);
  expect(counts).toEqual(['0', '4', '8', '12', '16', '20', '24', '28', '32', '36', '40']);
});

test('a note stands above the line that is rewritten', () => {
  const { written, out } = recorder(true);
  const progress = progressOn(out, () => 0);
  progress.update(standing(1));
  progress.note('a worker died');
  expect(written.join('')).toMatch(/a worker died\n[^\n]*1\/40/);
});
