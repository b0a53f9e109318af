import type { Dice } from './dice.ts';

/** Characters that parsers tend to stumble over. */
const nasty = [
  ...'"\\{}[]()<>:;,|/?#@%=&.+-0123456789abcXYZ \t\n\r\0',
  ...['\u007f', '\u00e9', '\u2028', '\ud83d\ude00', '\ud800', '\udc00', '\ufeff', '__proto__'],
  ...['null', 'true', '1e999', '-0', '9007199254740993', '%00', '%zz', '\\u0000', '\\ud800'],
];

const longest = 4_096;

/** A text of the corpus with a few changes, or one of nothing but nasty parts. */
export function mutatedText(corpus: readonly string[], dice: Dice): string {
  if (dice(8) === 0) return Array.from({ length: dice(24) }, () => pick(nasty, dice)).join('');
  let text = pick(corpus, dice);
  for (let changes = 1 + dice(4); changes > 0; changes--) {
    const at = dice(text.length + 1);
    const to = Math.min(text.length, at + dice(8));
    switch (dice(6)) {
      case 0:
        text = text.slice(0, at) + pick(nasty, dice) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(to);
        break;
      case 2:
        text = text.slice(0, at) + pick(nasty, dice) + text.slice(to);
        break;
      case 3:
        text = text.slice(0, at);
        break;
      case 4:
        text = text.slice(0, at) + text.slice(at, to).repeat(1 + dice(16)) + text.slice(to);
        break;
      default: {
        const other = pick(corpus, dice);
        text = text.slice(0, at) + other.slice(dice(other.length + 1));
      }
    }
  }
  return text.slice(0, longest);
}

export function mutatedBytes(corpus: readonly Uint8Array[], dice: Dice): Buffer {
  let bytes = Buffer.from(pick(corpus, dice));
  for (let changes = 1 + dice(4); changes > 0; changes--) {
    const at = dice(bytes.length + 1);
    switch (dice(5)) {
      case 0:
        if (at < bytes.length) bytes[at] = dice(256);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << dice(8));
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(dice(256)), bytes.subarray(at)]);
        break;
      default: {
        const other = pick(corpus, dice);
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(dice(other.length + 1))]);
      }
    }
  }
  return Buffer.from(bytes.subarray(0, longest));
}

export function pick<T>(choices: readonly T[], dice: Dice): T {
  return choices[dice(choices.length)]!;
}
