import { isBlank } from '../values/blank-text.ts';
import { encodeCanonical } from './canonical.ts';
import { plainText } from './canonical-plain.ts';
import { missingPart } from './missing-part.ts';

/** A key on its way to a record id. */
export class KeyText {
  readonly key: unknown;
  /** The key itself, where it is text. */
  readonly text: string | undefined;
  /** Its canonical text, where it is an object or a list and that is JSON. */
  readonly json: string | undefined;
  readonly #lacksParts: boolean;

  constructor(key: unknown) {
    const plain = typeof key === 'object' && key !== null ? plainText(key) : undefined;
    this.key = key;
    this.text = typeof key === 'string' ? key : undefined;
    this.json = plain?.text;
    this.#lacksParts = plain?.lacksParts ?? !(typeof key === 'string' && !isBlank(key));
  }

  /** The path of its first part that says nothing, as `missingPart` has it. */
  get missing(): string | undefined {
    return this.#lacksParts ? missingPart(this.key) : undefined;
  }

  /** Throws `KEY_UNSUPPORTED` with the path of a value that no key can hold. */
  get canonical(): string {
    return this.json ?? encodeCanonical(this.key);
  }
}
