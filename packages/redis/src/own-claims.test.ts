import type { Claim } from '@twiceproof/core';
import { expect, test } from 'vitest';
import { createOwnClaims } from './own-claims.ts';

const claim = (token: string) => ({ id: `id of ${token}`, token }) as Claim;

test('a claim is found by its record id and its token until it is forgotten', () => {
  const claims = createOwnClaims();
  claims.remember(claim('a'), 7, 'value');
  expect(claims.find('id of a', 'a')).toEqual({ claim: claim('a'), now: 7, value: 'value' });
  expect(claims.find('another id', 'a')).toBeUndefined();
  claims.forget('a');
  expect(claims.find('id of a', 'a')).toBeUndefined();
});

test('claims that nobody settles are forgotten, oldest first', () => {
  const claims = createOwnClaims();
  for (let count = 0; count <= 10_000; count++) claims.remember(claim(`${count}`), 0, '');
  expect(claims.find('id of 0', '0')).toBeUndefined();
  expect(claims.find('id of 1', '1')).toBeDefined();
  expect(claims.find('id of 10000', '10000')).toBeDefined();
});
