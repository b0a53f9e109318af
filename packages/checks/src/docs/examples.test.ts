import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { succeed } from '../command.ts';
import { compile } from './compile.ts';
import { documents } from './document.ts';
import { type Example, examples } from './example.ts';

const written = documents();
const all = written.flatMap(examples);
const { diagnostics, program } = await compile(all);

test('the compiler has nothing to say about anything but the examples', () => {
  const others = diagnostics.filter((each) => each.example === undefined);
  expect(others.map((each) => each.message)).toEqual([]);
});

test('every @example tag has a block of TypeScript below it', { timeout: 60_000 }, () => {
  const bare = written.flatMap((document) => {
    const tags = document.lines.filter((line) => /^\s*@example\b/.test(line.text));
    const missing = examples(document).length < tags.length ? tags : [];
    return missing.map((tag) => `${tag.file}:${tag.number}`);
  });
  expect(bare).toEqual([]);
});

describe.each([...new Set(all.map((each) => each.file))])('%s', (file) => {
  const here = all.filter((each) => each.file === file);

  test.each(here)('the example on line $number compiles', (example) => {
    const complaints = diagnostics.filter((each) => each.example === example);
    if (complaints.length > 0)
      throw withoutStack(complaints.map((each) => each.message).join('\n'));
  });

  test.for(here.filter((each) => each.run))(
    'the example on line $number runs',
    { timeout: 300_000 },
    run,
  );
});

async function run(example: Example): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'twiceproof-example-'));
  try {
    await succeed('node', ['--enable-source-maps', program(example)], { cwd });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** The place is in the message; a stack would point at this file instead. */
function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = '';
  return error;
}
