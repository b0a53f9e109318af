import { newClaim } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { failure } from '../test/claims.ts';
import { newStore, useDatabases } from '../test/databases.ts';

const { all } = useDatabases();

test.each(all)('$name answers texts as they are, whatever separates them', async (database) => {
  const { store } = await newStore(database);
  const texts = ['\x1f', '\x1e', '\x1es\x1ee', '', '+', 'a\x1e\x1fb', '"\\\n'];
  for (const text of texts) {
    const claim = newClaim({ scope: text, keyPreview: text, inputPreview: text });
    await store.acquire(claim);
    await store.release(claim.id, claim.token, {
      ...failure,
      error: { name: text, message: text },
    });
    expect(await store.get(claim.id)).toMatchObject({
      scope: text,
      keyPreview: text,
      inputPreview: text,
      fingerprint: claim.fingerprint,
      lastError: { name: text, message: text },
    });
  }
});
