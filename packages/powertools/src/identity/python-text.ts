import { IdempotencyError } from '@twiceproof/core';
import { isPythonFloat, pythonNumberText } from './python-number.ts';

/** As Python's `json.dumps(value, sort_keys=True)` writes it, byte for byte. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return pythonStringText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || isPythonFloat(value)) {
    return pythonNumberText(value);
  }
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  if (value instanceof Date || typeof value !== 'object') throw unsupported(value);
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([name, part]) => `${pythonStringText(name)}: ${pythonText(part)}`);
  return `{${entries.join(', ')}}`;
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

function pythonStringText(text: string): string {
  // By UTF-16 unit, as Python writes what is beyond the first plane.
  const escaped = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => short[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** Python compares code points, JavaScript UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function unsupported(value: unknown): IdempotencyError {
  const what = value instanceof Date ? 'a Date' : `a ${typeof value}`;
  const message = `the old key holds ${what}, which JSON does not have; give it as Python wrote it, e.g. as text`;
  return new IdempotencyError('KEY_UNSUPPORTED', message);
}
