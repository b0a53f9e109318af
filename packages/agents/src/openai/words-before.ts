/** An output with words before it, in a form that the SDK gives to the model as it is. */
export function wordsBefore(words: string, output: unknown): unknown {
  const items = Array.isArray(output) ? output : [output];
  const isStructured = items.length > 0 && items.every(isContent);
  if (isStructured) return [{ type: 'text', text: words }, ...items];
  return `${words}\n${textOf(output)}`;
}

function isContent(item: unknown): boolean {
  const { type } = (item ?? {}) as { readonly type?: unknown };
  return type === 'text' || type === 'image' || type === 'file';
}

function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  return JSON.stringify(output) ?? String(output);
}
