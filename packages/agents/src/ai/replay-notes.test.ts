import { expect, test } from 'vitest';
import { ReplayNotes } from './replay-notes.ts';

test('words come before an output of every kind that can take them', () => {
  const notes = new ReplayNotes();
  notes.set('a', 'Before.');
  const before = (output: Parameters<typeof notes.before>[1]) => notes.before('a', output);
  const words = { type: 'text', text: 'Before.' };
  expect(before({ type: 'text', value: 'x' })).toEqual({ type: 'text', value: 'Before.\nx' });
  expect(before({ type: 'error-text', value: 'x' })).toMatchObject({ value: 'Before.\nx' });
  expect(before({ type: 'content', value: [{ type: 'text', text: 'x' }] })).toEqual({
    type: 'content',
    value: [words, { type: 'text', text: 'x' }],
  });
  const providerOptions = { any: { cached: true } };
  expect(before({ type: 'json', value: { x: 1 }, providerOptions })).toEqual({
    type: 'content',
    value: [words, { type: 'text', text: '{"x":1}', providerOptions }],
  });
  const denied = { type: 'execution-denied', reason: 'no' } as const;
  expect(before(denied)).toBe(denied);
  expect(notes.before('another', denied)).toBe(denied);
});

test('only the last thousand are kept', () => {
  const notes = new ReplayNotes();
  for (let index = 0; index <= 1_000; index += 1) notes.set(`${index}`, 'Before.');
  const said = (id: string) => notes.before(id, { type: 'text', value: '' }) as { value: string };
  expect(said('0').value).toBe('');
  expect(said('1').value).toContain('Before.');
  notes.set('1', undefined);
  expect(said('1').value).toBe('');
});
