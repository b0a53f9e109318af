/** Parts of a template that PGlite puts into the text, instead of sending them as values. */
interface TemplatePart {
  readonly _templateType: 'part' | 'container';
  readonly str?: string;
  readonly strings?: readonly string[];
  readonly values?: readonly unknown[];
}

/** The text of a statement that is given as a template, with a placeholder for each value. */
export function templateText(strings: readonly string[], values: readonly unknown[]): string {
  return strings.reduce((text, part, at) => text + textOf(values[at - 1]) + part);
}

function textOf(value: unknown): string {
  const part = value as TemplatePart | undefined;
  if (part?._templateType === 'part') return part.str ?? '';
  if (part?._templateType !== 'container') return '$1';
  return templateText(part.strings ?? [''], part.values ?? []);
}
