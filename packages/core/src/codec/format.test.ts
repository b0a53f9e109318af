import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { decodeOutcome, encodeError, encodeOmitted, encodeValue } from './index.ts';

// Records outlive releases: these bytes must be written and read by every version of format 1.

test.for<[string, unknown]>([
  ['0101c0', null],
  [
    '010183a26964a57061795f31a6616d6f756e74cd04e2a470616964c3',
    { id: 'pay_1', amount: 1250, paid: true },
  ],
  ['010193cb3ff8000000000000ffa2c3a4', [1.5, -1, 'ä']],
  ['0101c4020102', new Uint8Array([1, 2])],
  ['010981a20075c0', undefined],
  ['010981a2007ac0', -0],
  ['010981a2006ea26666', 255n],
  ['010981a2006ea42d313030', -256n],
  ['010981a20064cb4278bcfe56800000', new Date(1_700_000_000_000)],
  ['010981a20064c0', new Date(Number.NaN)],
  ['010981a20073a8225c756438303022', '\ud800'],
  ['010981a2006d92a16101', new Map([['a', 1]])],
  ['010981a200659101', new Set([1])],
  ['010981a2006f92a95f5f70726f746f5f5f01', JSON.parse('{"__proto__":1}')],
  ['010981a2006f92a2007501', { '\0u': 1 }],
  ['010981a2007092a16101', Object.assign(Object.create(null), { a: 1 })],
  ['010981a200619302a13101', Object.assign(new Array(2), { 1: 1 })],
  ['010981a2006292a6427566666572c40101', Buffer.from([1])],
  ['010981a2006292aa496e7431364172726179c4040100ffff', new Int16Array([1, -1])],
])('%s is the value %o', ([hex, value]) => {
  expect(Buffer.from(encodeValue(value)).toString('hex')).toBe(hex);
  assert.deepStrictEqual(decodeOutcome(Buffer.from(hex, 'hex'), 'id'), { kind: 'value', value });
});

test.for<[string, unknown]>([
  [
    '010284a5636c617373a9547970654572726f72a76d657373616765a3626164a5636175736581a576616c7565a3776879a570726f707392a4636f646581a576616c7565a24531',
    Object.assign(new TypeError('bad', { cause: 'why' }), { code: 'E1' }),
  ],
  ['0103a4626f6f6d', 'boom'],
])('%s is the recorded error %o', ([hex, error]) => {
  expect(Buffer.from(encodeError(error).bytes).toString('hex')).toBe(hex);
  assert.deepStrictEqual(decodeOutcome(Buffer.from(hex, 'hex'), 'id'), { kind: 'error', error });
});

test('0104a9746f6f5f6c61726765 is a result that was omitted for its size', () => {
  expect(Buffer.from(encodeOmitted('too_large')).toString('hex')).toBe('0104a9746f6f5f6c61726765');
});
