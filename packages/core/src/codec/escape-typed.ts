import { kinds } from '../node-modules.ts';
import { Refusal } from '../values/refusal.ts';
import { refusedAt } from './refusal.ts';
import { TAG } from './tags.ts';
import type { TypeCodec } from './type-codec.ts';
import { type EscapePart, spend, tagged, type Walk } from './walk.ts';

/** An instance as its codec records it; undefined if no codec takes it. */
export function escapeTyped(
  value: object,
  walk: Walk,
  depth: number,
  escapePart: EscapePart,
): Record<string, unknown> | undefined {
  const codec = walk.types && codecOf(value, walk.types.codecs);
  if (!codec) return undefined;
  const { name } = codec;
  const data = asked(codec, 'encode', () => codec.encode(value));
  if (data === value) throw failed(name, 'encoded it as itself', 'let encode answer plain data');
  if (kinds.isPromise(data)) {
    data.catch(() => {});
    throw failed(name, 'encoded it as a promise', 'let encode answer the data itself');
  }
  spend(walk, name.length + 2);
  try {
    return tagged(walk, TAG.typed, [name, escapePart(data, walk, depth + 1)]);
  } catch (error) {
    throw refusedAt(error, value, '');
  }
}

/** The first codec that takes a value. Throws a refusal if one throws. */
export function codecOf(value: object, codecs: readonly TypeCodec[]): TypeCodec | undefined {
  for (const codec of codecs) {
    if (asked(codec, 'is', () => codec.is(value))) return codec;
  }
  return undefined;
}

function asked<Answer>({ name }: TypeCodec, method: string, ask: () => Answer): Answer {
  try {
    return ask();
  } catch (cause) {
    throw failed(name, `threw in ${method}`, 'see the cause', cause);
  }
}

function failed(name: string, what: string, advice: string, cause?: unknown): Refusal {
  const details = cause === undefined ? {} : { cause };
  return new Refusal(`the codec of type ${JSON.stringify(name)} ${what}`, advice, details);
}
