import { expect, test } from 'vitest';
import { diagnosticsOf } from './diagnostic.ts';
import { comments, page } from './document.ts';
import { examples } from './example.ts';

const places = (example: ReturnType<typeof examples>[number] | undefined) =>
  example?.lines.map(({ text, number, indent }) => `${number}:${indent} ${text}`);

test('an example in a page keeps the places of its lines, inside a list as well', () => {
  const [plain, listed] = examples(
    page(
      'README.md',
      '# Title\n\n```ts\nfirst();\nsecond();\n```\n\n- item\n\n  ```ts\n  third();\n  ```\n',
    ),
  );
  expect(places(plain)).toEqual(['4:0 first();', '5:0 second();']);
  expect(places(listed)).toEqual(['11:2 third();']);
});

test('an example in a documentation comment keeps its places in the source file', () => {
  const source =
    'const a = 1;\n\n  /**\n   * What it does.\n   *\n   * @example\n   * ```ts\n   * call();\n   * ```\n   */\n';
  const [document] = comments('packages/core/src/call.ts', source);
  expect(places(document && examples(document)[0])).toEqual(['8:5 call();']);
});

test('a prelude is compiled above the example, and shown at its own place', () => {
  const [example] = examples(
    page('README.md', '<!-- check: prelude\ndeclare const a: 1;\n-->\n\n```ts\na;\n```\n'),
  );
  expect(places(example)).toEqual(['2:0 declare const a: 1;', '6:0 a;']);
  expect(example?.number).toBe(6);
});

test('an example may continue the one before it', () => {
  const [, second] = examples(
    page(
      'README.md',
      '```ts\nconst a = 1;\n```\n\n<!-- check: continue -->\n<!-- check: run -->\n```ts\na;\n```\n',
    ),
  );
  expect(places(second)).toEqual(['2:0 const a = 1;', '8:0 a;']);
  expect(second?.run).toBe(true);
});

test('a directive that does not exist is refused with its place', () => {
  const misspelt = page('README.md', '<!-- check: prelud -->\n```ts\na;\n```\n');
  expect(() => examples(misspelt)).toThrow('README.md:3: "check: prelud"');
});

test('blocks in other languages are left alone', () => {
  expect(examples(page('README.md', '```sh\npnpm test\n```\n\n```json\n{}\n```\n'))).toEqual([]);
});

test('a complaint of the compiler names the place in the document', () => {
  const [example] = examples(page('README.md', '- item\n\n  ```ts\n  call(1);\n  ```\n'));
  const files = new Map([['src/a.ts', example!]]);
  const output =
    'src/a.ts(1,6): error TS2345: Wrong.\n  Because of that.\nerror TS5083: Cannot read file.\n';
  expect(diagnosticsOf(output, files)).toEqual([
    { example, message: 'README.md:4:8 error TS2345: Wrong.\n  Because of that.' },
    { example: undefined, message: 'error TS5083: Cannot read file.' },
  ]);
});
