import { describe, expect, test } from 'vitest';
import { downstreamKeyOf, downstreamUuidOf } from './downstream.ts';

const id = 'prod/charge-payment/0/7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI';

describe('what other services get in place of the record id', () => {
  test('is its digest', () => {
    expect(downstreamKeyOf(id)).toBe('7KzKuLOJ-KA2aelI5PIg8is0J9RG_Dod9Q9tHn_97NI');
  });

  test('or a UUID of version 8 that begins with the bits of the digest', () => {
    const uuid = downstreamUuidOf(id);
    expect(uuid).toBe('ecaccab8-b389-88a0-b669-e948e4f220f2');
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(downstreamUuidOf(id.replace('/0/7', '/0/8'))).not.toBe(uuid);
  });
});
