import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';

/** A result as Powertools would have answered it, with whole numbers that a double cannot hold exact. */
export function fromAttribute(attribute: AttributeValue | undefined): unknown {
  if (attribute === undefined) return undefined;
  return convertToNative(attribute, { wrapNumbers: exactNumber as never });
}

/** A result as Powertools writes it. What it cannot write becomes what JSON makes of it, an undefined
 * property is left out: the effect has happened, and old code must learn so. */
export function toAttribute(data: unknown): AttributeValue | undefined {
  if (data === undefined) return undefined;
  for (const plain of [() => data, () => JSON.parse(JSON.stringify(data))]) {
    try {
      return convertToAttr(plain(), { removeUndefinedValues: true }) as AttributeValue;
    } catch {
      // The next one is plainer.
    }
  }
  return { NULL: true };
}

function exactNumber(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
