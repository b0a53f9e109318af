import { IdempotencyError } from '@twiceproof/core';

const brand: unique symbol = Symbol.for('twiceproof.python-float') as never;

/** A whole number that Python has as a float, and so writes with a point. */
export interface PythonFloat {
  readonly [brand]: number;
}

/**
 * Says that a whole number was a float in Python: JSON's `12.0` is 12 in JavaScript, and Python hashed
 * `12.0`. Other numbers need no mark, nor do those that `pythonJson` reads.
 *
 * @example
 * ```ts
 * import { pythonFloat } from '@twiceproof/powertools';
 *
 * const key = (order: { id: string; amount: number }) => [order.id, pythonFloat(order.amount)];
 * ```
 */
export function pythonFloat(value: number): PythonFloat {
  return { [brand]: value };
}

export function isPythonFloat(value: unknown): value is PythonFloat {
  return typeof value === 'object' && value !== null && brand in value;
}

/** As Python's `json.dumps` writes it. */
export function pythonNumberText(value: number | bigint | PythonFloat): string {
  if (typeof value === 'bigint') return value.toString();
  if (isPythonFloat(value)) return floatText(value[brand]);
  if (!Number.isInteger(value)) return floatText(value);
  if (Number.isSafeInteger(value)) return String(value);
  const message = `${value} may be a whole number that was rounded, or a float; give a bigint, or pythonFloat(${value}), or read the body with pythonJson`;
  throw new IdempotencyError('KEY_UNSUPPORTED', message);
}

/** `repr` of a float: the shortest digits that mean it, as JavaScript has them, in Python's notation. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
