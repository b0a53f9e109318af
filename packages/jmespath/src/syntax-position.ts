import { compile, tokenize } from '@jmespath-community/jmespath';

/** Where quoted text begins that never ends, which the library reads as if it ended. */
export function openQuote(expression: string): number | undefined {
  let opened: number | undefined;
  for (let at = 0; at < expression.length; at += 1) {
    const character = expression[at]!;
    if (opened === undefined) {
      if ('\'"`'.includes(character)) opened = at;
    } else if (character === '\\') {
      const next = expression[at + 1];
      if (next === '\\' || next === expression[opened]) at += 1;
    } else if (character === expression[opened]) {
      opened = undefined;
    }
  }
  return opened;
}

/**
 * Where an expression that does not compile stops making sense. The errors of the library do not say,
 * so this looks for the shortest beginning of it that fails for another reason than being cut.
 */
export function syntaxPosition(expression: string): number {
  const lexed = longestLexed(expression);
  if (lexed < expression.length) return lexed;
  const starts = tokenize(expression).map((token) => token.start);
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? expression.length;
    if (fails(expression.slice(0, end))) return start;
  }
  return expression.length;
}

/** Length of the longest beginning that consists of tokens. */
function longestLexed(expression: string): number {
  for (let length = expression.length; length > 0; length -= 1) {
    try {
      tokenize(expression.slice(0, length));
      return length;
    } catch {
      // A shorter one may do.
    }
  }
  return 0;
}

/** Whether `expression` fails where it stands, and not because something is still to come. */
function fails(expression: string): boolean {
  try {
    compile(expression);
    return false;
  } catch (error) {
    return !isCut(error);
  }
}

/** Whether an error of the parser says that there is too little, and not something wrong. */
export function isCut(error: unknown): boolean {
  return /(?:type: |got: |\()EOF/.test((error as Error).message);
}
