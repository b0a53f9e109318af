import assert from 'node:assert/strict';
import { isIdempotencyError } from '@twiceproof/core';
import { jmespath } from '@twiceproof/jmespath';
import { expect, test } from 'vitest';
import { parseStoreUrl } from '../../../packages/cli/src/stores/store-url.ts';
import { ExactNumber, parseExactJson } from '../../../packages/http/src/gate/exact-json.ts';
import { readKey } from '../../../packages/http/src/gate/key.ts';
import { corpusOf } from '../src/corpus.ts';
import { fuzz } from '../src/fuzz.ts';
import { mutatedText } from '../src/mutate.ts';

test('160,000 Idempotency-Key headers are read as one key, or refused', () => {
  const corpus = corpusOf('keys');
  const { understood } = fuzz(
    160_000,
    (dice) => mutatedText(corpus, dice),
    (text) => {
      const read = readKey([text]);
      if (typeof read === 'string') return false;
      assert(/^[!-~]{1,255}$/.test(read.key), 'a key of visible characters');
      assert(text.includes(read.received), 'echoed as it was received');
      // However it is written, it is the same key when it is sent as the draft has it.
      const quoted = `"${read.key.replaceAll(/["\\]/g, '\\$&')}"`;
      const again = readKey([quoted]);
      assert(typeof again === 'object' && again.key === read.key, 'the same key');
      return true;
    },
  );
  expect(understood).toBeGreaterThan(10_000);
});

test('160,000 addresses of stores are taken apart, or are none, and never show a password', () => {
  const corpus = corpusOf('store-urls');
  const { understood } = fuzz(
    160_000,
    (dice) => mutatedText(corpus, dice),
    (text) => {
      const url = parseStoreUrl(text);
      if (!url) return false;
      assert(text.startsWith(`${url.scheme}:`), 'the scheme');
      // A file has no login.
      if (url.scheme === 'sqlite') return true;
      assert(url.servers.length > 0, 'a server');
      // What stands before the first @, with a colon in it, is a login: it is not shown as it is.
      const [login] = /^[a-z-]+:\/\/[^/?:@][^?:@]*:[^?@]+@/.exec(text) ?? [];
      assert(login === undefined || !url.label.startsWith(login), 'no password is shown');
      return true;
    },
  );
  expect(understood).toBeGreaterThan(10_000);
});

test('130,000 JSON texts are read as JSON.parse reads them, but for numbers that it rounds', () => {
  const corpus = corpusOf('json');
  const rounded = (value: unknown): unknown => {
    if (value instanceof ExactNumber) return Number(value.digits);
    if (Array.isArray(value)) return value.map(rounded);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]));
  };
  const { understood } = fuzz(
    130_000,
    (dice) => mutatedText(corpus, dice),
    (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        assert.throws(() => parseExactJson(text), SyntaxError);
        return false;
      }
      const read = parseExactJson(text);
      assert.equal(JSON.stringify(rounded(read)), JSON.stringify(rounded(expected)));
      return true;
    },
  );
  expect(understood).toBeGreaterThan(5_000);
});

test('30,000 bodies are selected from, or refused with the expression as the path', () => {
  const corpus = corpusOf('bodies');
  const expressions = ['json(@).id', 'base64(@)', 'base64_json(@).[id]', 'gzip_base64_json(@)'];
  const selectors = expressions.map((expression) => jmespath(expression));
  const { understood } = fuzz(
    30_000,
    (dice, round) => ({ text: mutatedText(corpus, dice), at: round % selectors.length }),
    ({ text, at }) => {
      try {
        selectors[at]!(text);
        return true;
      } catch (error) {
        if (!isIdempotencyError(error, 'KEY_UNSUPPORTED')) throw error;
        assert.equal(error.path, expressions[at]);
        return false;
      }
    },
  );
  expect(understood).toBeGreaterThan(1_000);
});
