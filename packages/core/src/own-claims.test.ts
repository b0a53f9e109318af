import { expect, test } from 'vitest';
import { createOwnClaims } from './own-claims.ts';

const recordOf = (token: string) => ({ id: `id of ${token}`, token });
const newClaims = () => createOwnClaims<ReturnType<typeof recordOf>>(({ id }) => id);

test('a claim is found by its record id and its token until it is forgotten', () => {
  const claims = newClaims();
  claims.keep('a', recordOf('a'));
  expect(claims.of('id of a', 'a')).toEqual(recordOf('a'));
  expect(claims.of('another id', 'a')).toBeUndefined();
  claims.forget('a');
  expect(claims.of('id of a', 'a')).toBeUndefined();
});

test('claims that nobody settles are forgotten, oldest first', () => {
  const claims = newClaims();
  for (let count = 0; count < 10_000; count++) claims.keep(`${count}`, recordOf(`${count}`));
  claims.keep('0', recordOf('0'));
  expect(claims.of('id of 0', '0')).toBeDefined();
  claims.keep('10000', recordOf('10000'));
  expect(claims.of('id of 0', '0')).toBeUndefined();
  expect(claims.of('id of 1', '1')).toBeDefined();
  expect(claims.of('id of 10000', '10000')).toBeDefined();
});
