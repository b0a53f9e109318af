import { styleText } from 'node:util';

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta' | 'cyan';

/** Colours a text, or leaves it as it is where nobody wants colours. */
export type Paint = (format: Format, text: string) => string;

export function paintOf(wanted: boolean): Paint {
  return wanted
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_format, text) => text;
}
