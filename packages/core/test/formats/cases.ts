import type { Offload, OperationOptions } from '@twiceproof/core';

const long = 'x'.repeat(3_000);
const encrypt = {
  current: 'k1',
  keys: { k1: Buffer.alloc(32, 7).toString('base64') },
};

/** How a result came to be recorded as it is. */
interface Case {
  /** What the function does. */
  make(): unknown;
  readonly options?: (offload: Offload) => OperationOptions;
}

/** Every kind of outcome, by the name of its operation. */
export const cases: Readonly<Record<string, Case>> = {
  plain: { make: () => ({ id: 'pay_1', amount: 1_250, paid: true, items: [1.5, -1, 'ä', null] }) },
  tagged: {
    make: () => ({
      at: new Date(1_700_000_000_000),
      big: 255n,
      zero: -0,
      none: undefined,
      map: new Map([['a', 1]]),
      set: new Set([1]),
      bytes: new Uint8Array([1, 2]),
    }),
  },
  'recorded error': {
    make() {
      throw Object.assign(new TypeError('bad', { cause: 'why' }), { code: 'E1' });
    },
    options: () => ({ failure: 'record' }),
  },
  'recorded error that is none': {
    make() {
      throw 'boom';
    },
    options: () => ({ failure: 'record' }),
  },
  omitted: { make: () => long, options: () => ({ maxResultBytes: 1_000 }) },
  gzip: { make: () => long, options: () => ({ compress: 'gzip' }) },
  zstd: { make: () => long, options: () => ({ compress: 'zstd' }) },
  encrypted: { make: () => ({ card: '4242' }), options: () => ({ encrypt }) },
  'gzip and encrypted': { make: () => long, options: () => ({ compress: 'gzip', encrypt }) },
  offloaded: {
    make: () => long,
    options: (oversized) => ({ maxResultBytes: 1_000, oversized }),
  },
};
