import { exactJson, InexactNumber } from '../exact-json.ts';
import { Refusal } from './refusal.ts';

/** The value that an operator typed in. */
export function jsonValue(text: string): unknown {
  try {
    return exactJson(text);
  } catch (error) {
    const { message } = error as Error;
    throw new Refusal(
      'INVALID',
      error instanceof InexactNumber ? `${message}.` : `The value is no JSON: ${message}`,
    );
  }
}
