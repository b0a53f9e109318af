/** Text as a pattern of Redis that matches only itself. */
export function globLiteral(text: string): string {
  return text.replace(/[\\*?[\]^]/g, '\\$&');
}
