import { expect, test } from 'vitest';
import { oneLine, visibleJson, visibleLayout, visibleText } from './visible-text.ts';

test('what moves the cursor, changes colours or direction, or is not seen is written out', () => {
  expect(visibleText('a\u001b[31mb\u0007\u009b2J')).toBe('a\\u001b[31mb\\u0007\\u009b2J');
  expect(visibleText('x\u202ey\u2066z\u200b')).toBe('x\\u202ey\\u2066z\\u200b');
  expect(visibleText('one\ntwo\r\tthree\u2028')).toBe('one\\ntwo\\r\\tthree\\u2028');
  expect(visibleText('\ud800')).toBe('\\ud800');
});

test('everything else stays, in every script', () => {
  const text = 'Ünïcödé 漢字 עברית हिन्दी 👩‍👩‍👧 e\u0301';
  expect(visibleText(text)).toBe(text);
});

test('lines of what is laid out stay', () => {
  expect(visibleLayout('a\nb\u001b')).toBe('a\nb\\u001b');
});

test('JSON means the same afterwards', () => {
  const value = { text: 'a\u009b\u202e\u2028\u007f\n\u001b' };
  const json = visibleJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(json)).toEqual(value);
  expect(json).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
});

test('an error becomes one line', () => {
  expect(oneLine('  first\n    second\u001b\n')).toBe('first second\\u001b');
});
