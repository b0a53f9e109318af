import { expect, test } from 'vitest';
import { startProgress } from './progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 20, write: (text: string) => written.push(text) };
}

test('a quick action shows no progress', () => {
  const stream = screen(true);
  const progress = startProgress(stream, () => 0);
  progress.update('1 of 2');
  progress.end();
  expect(stream.written).toEqual([]);
});

test('a long action shows one line now and then, as wide as fits, and takes it away', () => {
  const stream = screen(true);
  let now = 0;
  const progress = startProgress(stream, () => now);
  for (now = 0; now < 500; now += 10) progress.update(`${now}: a line that is too long`);
  progress.end();
  progress.end();
  expect(stream.written).toEqual([
    '\r\u001b[2K300: a line that i…',
    '\r\u001b[2K400: a line that i…',
    '\r\u001b[2K',
  ]);
});

test('what is no terminal shows no progress', () => {
  const stream = screen(false);
  let now = 0;
  const progress = startProgress(stream, () => now);
  now = 10_000;
  progress.update('1 of 2');
  progress.end();
  expect(stream.written).toEqual([]);
});
