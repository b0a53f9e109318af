import { kinds } from '../node-modules.ts';
import { clipText } from '../values/clip-text.ts';
import { joinPath } from '../values/value-path.ts';
import { Malformed } from './corrupt.ts';
import type { Types } from './type-codec.ts';

/** A codec that could not decode what its `encode` gave. Gets its path on the way out. */
export class UndecodableType extends Malformed {
  /** Outermost last. */
  readonly segments: string[] = [];
  readonly #name: string;
  readonly #what: string;

  constructor(name: string, what: string, cause?: unknown) {
    super('', 'mend the codec, then call again', cause);
    this.#name = name;
    this.#what = what;
  }

  override get path(): string {
    return joinPath(this.segments.toReversed());
  }

  override get reason(): string {
    const where = this.path === '' ? '' : `at ${this.path} `;
    return `${where}the codec of type ${shownType(this.#name)} ${this.#what}`;
  }
}

/** The instance that a tagged value stands for. Only codecs that the operation has are called. */
export function reviveTyped(payload: unknown, types: Types | undefined): unknown {
  if (!Array.isArray(payload) || payload.length !== 2 || typeof payload[0] !== 'string') {
    throw new Malformed('it holds a typed value in a form that Twiceproof does not write');
  }
  const [name, data] = payload as [string, unknown];
  const codec = types?.byName.get(name);
  if (!codec) {
    throw new Malformed(
      `it holds a value of type ${shownType(name)}, which is not known here`,
      'give its codec as option types, where the record is read',
    );
  }
  let value: unknown;
  try {
    value = codec.decode(data);
  } catch (cause) {
    throw new UndecodableType(name, 'threw in decode; see the cause', cause);
  }
  if (!kinds.isPromise(value)) return value;
  value.catch(() => {});
  throw new UndecodableType(name, 'decoded it as a promise');
}

/** The name comes from bytes that anybody may have written. */
function shownType(name: string): string {
  return JSON.stringify(clipText(name, 100));
}
