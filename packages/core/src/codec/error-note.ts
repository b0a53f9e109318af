import type { ErrorNote } from '../store.ts';
import { clipText } from '../values/clip-text.ts';
import { typeName } from './refusal.ts';

const maxNameBytes = 100;
const maxMessageBytes = 500;

/** What operators see of something thrown: its name and message, at most 100 and 500 bytes. Never throws. */
export function errorNote(error: unknown): ErrorNote {
  return {
    name: storable(textOf(error, 'name') || typeName(error), maxNameBytes),
    message: storable(messageOf(error), maxMessageBytes),
  };
}

function messageOf(error: unknown): string {
  if (typeof error === 'function') return 'a function was thrown';
  return typeof error === 'object' && error !== null
    ? (textOf(error, 'message') ?? '')
    : String(error);
}

/** A property of an object if it is text; a getter that throws counts as none. */
export function textOf(value: unknown, property: 'name' | 'message'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const text = (value as Record<string, unknown>)[property];
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Postgres text cannot hold NUL. */
function storable(text: string, maxBytes: number): string {
  return clipText(text, maxBytes).replaceAll('\0', '\ufffd');
}
