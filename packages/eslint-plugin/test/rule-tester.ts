import parser from '@typescript-eslint/parser';
import { type Rule, RuleTester } from 'eslint';
import { describe, test } from 'vitest';

RuleTester.describe = describe;
RuleTester.it = test;

const tester = new RuleTester({
  languageOptions: { parser, ecmaVersion: 'latest', sourceType: 'module' },
});

/** What a rule has to say of pieces of TypeScript: nothing, or the texts that it marks. */
export function testRule(
  name: string,
  rule: Rule.RuleModule,
  cases: {
    readonly valid: readonly (string | Piece)[];
    readonly invalid: readonly (Piece & { readonly marks: readonly string[] })[];
  },
): void {
  tester.run(name, rule, {
    valid: cases.valid.map((each) =>
      typeof each === 'string' ? each : { ...each, options: [...(each.options ?? [])] },
    ),
    invalid: cases.invalid.map(({ marks, ...piece }) => ({
      ...piece,
      options: [...(piece.options ?? [])],
      errors: marks.map((mark) => errorAt(piece.code, mark)),
    })),
  });
}

interface Piece {
  readonly code: string;
  readonly options?: readonly unknown[];
}

/** A mark is the text that is reported, with the id of its message behind a bar. What is in brackets
 * tells where it is, and is not part of it. */
function errorAt(code: string, mark: string): RuleTester.TestCaseError {
  const [told = '', messageId] = mark.split(' | ');
  const [, before = '', text = told, after = ''] = /^([\s\S]*)<([^>]*)>([\s\S]*)$/.exec(told) ?? [];
  const start = code.indexOf(before + text + after) + before.length;
  const lines = code.slice(0, start).split('\n');
  const through = code.slice(0, start + text.length).split('\n');
  return {
    messageId: messageId!,
    line: lines.length,
    column: lines.at(-1)!.length + 1,
    endLine: through.length,
    endColumn: through.at(-1)!.length + 1,
  };
}
