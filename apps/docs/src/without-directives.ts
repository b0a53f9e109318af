/** Comments in a page are for the checks and generators, and no reader sees them. */
export function withoutDirectives(text: string): string {
  return text.replace(/^<!--[\s\S]*?-->\n/gm, '');
}
