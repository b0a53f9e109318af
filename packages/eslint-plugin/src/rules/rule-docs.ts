const page = 'https://github.com/twiceproof/twiceproof/blob/main/packages/eslint-plugin/README.md';

/** The documentation of a rule, as both linters show it. */
export function docs(rule: string, description: string): { description: string; url: string } {
  return { description, url: `${page}#${rule}` };
}
