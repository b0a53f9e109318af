import { invalidOption, shown } from '../options/option-checks.ts';
import { clipText } from '../values/clip-text.ts';

/**
 * How instances of one class are recorded, so that replays give them back as what they were.
 *
 * @example
 * ```ts
 * import type { TypeCodec } from '@twiceproof/core';
 *
 * const url: TypeCodec<URL> = {
 *   name: 'URL',
 *   is: (value) => value instanceof URL,
 *   encode: (value) => value.href,
 *   decode: (href) => new URL(href as string),
 * };
 * ```
 */
// biome-ignore lint/suspicious/noExplicitAny: a list holds codecs of many classes
export interface TypeCodec<Value = any> {
  /** Stands in the recorded bytes: it must go on naming this class for as long as records live. */
  readonly name: string;
  /** Asked about every value that is no plain data; the first codec that says yes takes it. */
  is(value: unknown): boolean;
  /** What is recorded of an instance: plain data, or values that other codecs take. Must not change it. */
  encode(value: Value): unknown;
  /** A new instance from what `encode` gave, which is a copy of its own. */
  decode(data: unknown): Value;
}

const longestName = 100;

/** The codecs of an operation. */
export interface Types {
  readonly codecs: readonly TypeCodec[];
  readonly byName: ReadonlyMap<string, TypeCodec>;
}

/** Checks the option. Throws `OPTIONS_INVALID`. Undefined if there are no codecs. */
export function typesOf(codecs: readonly TypeCodec[] | undefined): Types | undefined {
  if (codecs === undefined) return undefined;
  if (!Array.isArray(codecs)) {
    throw invalidOption(
      `types is ${shown(codecs)}; give a list of codecs { name, is, encode, decode }`,
    );
  }
  const byName = new Map<string, TypeCodec>();
  for (const [index, codec] of codecs.entries()) {
    checkCodec(codec, `types[${index}]`);
    if (byName.has(codec.name)) {
      throw invalidOption(
        `types has two codecs named ${shown(codec.name)}; give each class its own name`,
      );
    }
    byName.set(codec.name, codec);
  }
  return codecs.length === 0 ? undefined : { codecs: [...codecs], byName };
}

function checkCodec(codec: unknown, where: string): asserts codec is TypeCodec {
  if (typeof codec !== 'object' || codec === null) {
    throw invalidOption(`${where} is ${shown(codec)}; give a codec { name, is, encode, decode }`);
  }
  const { name } = codec as Partial<TypeCodec>;
  if (typeof name !== 'string' || name.trim() === '' || clipText(name, longestName) !== name) {
    throw invalidOption(
      `${where}.name is ${shown(name)}; give text of up to ${longestName} bytes that goes on naming the class`,
    );
  }
  for (const method of ['is', 'encode', 'decode'] as const) {
    const given: unknown = (codec as Partial<TypeCodec>)[method];
    if (typeof given === 'function') continue;
    throw invalidOption(`${where}.${method} is ${shown(given)}; give a function`);
  }
}
