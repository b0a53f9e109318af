import { createRequire } from 'node:module';

// Each of these is a column wide, and most texts have no others.
const plain = /^[ -~…]*$/;

const load = createRequire(import.meta.url);

// Joiners, variation selectors, skin tones: terminals do not agree how wide a text is that has them.
const unsteady = /[\u200d\ufe0e\ufe0f]|\p{Emoji_Modifier}/gu;

/** The text without what makes its width depend on the terminal. */
export function steadyText(text: string): string {
  return text.replace(unsteady, '');
}

/** How many columns of a terminal the text takes. What knows the rare ones is loaded for them alone. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  const { default: stringWidth } = load('string-width') as typeof import('string-width');
  return stringWidth(text);
}

/** The text, cut with an ellipsis where it takes more than `width` columns. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  if (plain.test(text)) return `${text.slice(0, width - 1)}…`;
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A record id, cut before its digest: what tells it from others, and is enough to find it, stays. */
export function fittedId(id: string, width: number): string {
  if (widthOf(id) <= width) return id;
  const end = id.slice(id.lastIndexOf('/'));
  return fitted(id.slice(0, -end.length), Math.max(1, width - widthOf(end))) + end;
}

export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + gap : gap + text;
}
