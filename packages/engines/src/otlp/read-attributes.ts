import type { WireAttribute } from './decode.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export function readAttributes(attributes: readonly WireAttribute[]): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: WireAttribute['value']): string | number | boolean {
  const [kind, content] = Object.entries(value)[0]!;
  return kind === 'intValue' ? Number(content) : content;
}
