import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';

const refused = (options: unknown) => {
  try {
    memoryStore(options as never);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('should have been refused');
};

test('an unknown option is refused by name, with those there are', () => {
  const { code, message } = refused({ maxEntries: 10 });
  expect(code).toBe('OPTIONS_INVALID');
  expect(message).toContain("no option 'maxEntries'");
  expect(message).toContain('maxRecords, maxRecordBytes, clock');
});

test.for([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null])(
  'maxRecords of %s is refused',
  (maxRecords) => {
    expect(refused({ maxRecords })).toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining(
        typeof maxRecords === 'string' ? "maxRecords is '10'" : `maxRecords is ${maxRecords};`,
      ),
    });
  },
);

test('maxRecordBytes beyond what a string can hold is refused', () => {
  expect(refused({ maxRecordBytes: 2 ** 29 })).toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining('maxRecordBytes is 536870912'),
  });
});

test('a clock without now is refused', () => {
  expect(refused({ clock: {} })).toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining('clock'),
  });
});

test.for([null, 'redis', 7])('options of %s are refused', (options) => {
  expect(refused(options)).toMatchObject({ code: 'OPTIONS_INVALID' });
});

test('an option that is undefined counts as not given', () => {
  const { limits } = memoryStore({
    maxRecords: undefined,
    maxRecordBytes: undefined,
    clock: undefined,
  });
  expect(limits.maxRecordBytes).toBe(64 * 1024 * 1024);
});

test('the limit of a page and a foreign cursor are refused', async () => {
  const store = memoryStore();
  for (const limit of [0, 1_001, 1.5]) {
    await expect(store.list({ limit })).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  }
  await expect(store.list({ limit: 1, cursor: 'x' })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
  });
});
