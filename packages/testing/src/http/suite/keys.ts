import assert from 'node:assert/strict';
import type { HttpContext } from '../http-context.ts';
import { assertNothingLeft, assertProblem, assertReplayed } from './expectations.ts';
import { type HttpSpec, httpSpecs } from './http-spec.ts';

type Body = (context: HttpContext) => Promise<void>;

const is = (key: (own: string) => string): Body => {
  return async (context) => {
    const sent = key(context.key);
    const first = await context.send({ key: sent });
    assert.equal(first.status, 201, first.body.toString());
    assert.equal(first.header('idempotency-key'), sent, 'the key as it was received');
    assertReplayed(await context.send({ key: sent }), first);
    assert.equal(await context.runs(), 1);
  };
};

const isInvalid = (key: (own: string) => string): Body => {
  return async (context) => {
    assertProblem(await context.send({ key: key(context.key) }), 400, 'key-invalid');
    await assertNothingLeft(context);
  };
};

const areOne = (one: (own: string) => string, other: (own: string) => string): Body => {
  return async (context) => {
    const first = await context.send({ key: one(context.key) });
    const again = await context.send({ key: other(context.key) });
    assert.equal(again.header('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal(again.header('idempotency-key'), other(context.key));
    assert.equal(await context.runs(), 1);
  };
};

const fill = (own: string, length: number): string => own.padEnd(length, 'x');

export const keySpecs: readonly HttpSpec[] = httpSpecs('keys', {
  'a structured string is a key': is((own) => `"${own}"`),
  'bare text is a key': is((own) => own),
  'a structured string with parameters is a key': is((own) => `"${own}";v=1;retry`),
  'escaped quotes and backslashes are a key': is((own) => `"${own}\\"\\\\"`),
  'punctuation is a key': is((own) => `"${own}!#$%&'()*+,-./:;<=>?@[]^_\`{|}~"`),
  'a key of 255 characters is one': is((own) => `"${fill(own, 255)}"`),
  'a bare key of 255 characters is one': is((own) => fill(own, 255)),
  'quoted and bare are one key': areOne(
    (own) => `"${own}"`,
    (own) => own,
  ),
  'parameters do not make another key': areOne(
    (own) => `"${own}"`,
    (own) => `"${own}";attempt=2`,
  ),
  'keys that differ in case are two': async (context) => {
    await context.send({ key: `"${context.key}-a"` });
    const other = await context.send({ key: `"${context.key}-A"` });
    assert.equal(other.header('idempotent-replayed'), undefined);
    assert.equal(await context.runs(), 2);
  },
  'no key where one is required is refused': async (context) => {
    assertProblem(await context.send({ key: null }), 400, 'key-missing');
    await assertNothingLeft(context);
  },
  'an empty header is malformed': isInvalid(() => ''),
  'an empty string is malformed': isInvalid(() => '""'),
  'a blank string is malformed': isInvalid(() => '"   "'),
  'a key with a space is malformed': isInvalid((own) => `"${own} ${own}"`),
  'a bare key with a space is malformed': isInvalid((own) => `${own} ${own}`),
  'a key with a tab is malformed': isInvalid((own) => `${own}\t${own}`),
  'a key of 256 characters is malformed': isInvalid((own) => `"${fill(own, 256)}"`),
  'a bare key of 256 characters is malformed': isInvalid((own) => fill(own, 256)),
  'a key of 8,000 characters is malformed': isInvalid((own) => fill(own, 8_000)),
  'a string that does not end is malformed': isInvalid((own) => `"${own}`),
  'something after a string is malformed': isInvalid((own) => `"${own}" ${own}`),
  'an unknown escape is malformed': isInvalid((own) => `"${own}\\n"`),
  'a letter beyond ASCII is malformed': isInvalid((own) => `"${own}é"`),
  'two strings in one header are malformed': isInvalid((own) => `"${own}", "${own}"`),
  'two bare keys in one header are malformed': isInvalid((own) => `${own}, ${own}`),
  'two headers with one key are malformed': async (context) => {
    const twice = { headers: { 'idempotency-key': `"${context.key}"` } };
    assertProblem(await context.send(twice), 400, 'key-invalid');
    await assertNothingLeft(context);
  },
  'two headers with two keys are malformed': async (context) => {
    const twice = { headers: { 'Idempotency-Key': 'other' } };
    assertProblem(await context.send(twice), 400, 'key-invalid');
    await assertNothingLeft(context);
  },
});
