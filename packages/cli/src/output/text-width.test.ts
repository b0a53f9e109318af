import { expect, test } from 'vitest';
import { fitted, fittedId, padded, steadyText, widthOf } from './text-width.ts';

test('a text is cut where it takes more columns than there are', () => {
  expect(fitted('charge', 6)).toBe('charge');
  expect(fitted('charges', 6)).toBe('charg…');
  expect(fitted('漢字漢字', 5)).toBe('漢字…');
  expect(fitted('漢字漢字', 4)).toBe('漢…');
  expect(fitted('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  expect(fitted('abc', 1)).toBe('…');
  expect(fitted('abc', 0)).toBe('');
});

test('an id keeps its digest when it is cut', () => {
  expect(fittedId('prod/charge/0/uITmb2sT', 22)).toBe('prod/charge/0/uITmb2sT');
  expect(fittedId('prod/charge/0/uITmb2sT', 16)).toBe('prod/c…/uITmb2sT');
  expect(fittedId('prod/charge/0/uITmb2sT', 3)).toBe('…/uITmb2sT');
});

test('padding counts columns, not characters', () => {
  expect(padded('漢', 4)).toBe('漢  ');
  expect(padded('7', 3, 'right')).toBe('  7');
  expect(padded('long', 2)).toBe('long');
});

test('what terminals do not agree about is taken away', () => {
  expect(steadyText('👋🏽')).toBe('👋');
  expect(widthOf(steadyText('👩‍👩‍👧'))).toBe(6);
});
