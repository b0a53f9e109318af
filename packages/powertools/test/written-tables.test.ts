import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type PowertoolsOptions, powertools } from '../src/index.ts';
import { type Language, languages } from './languages.ts';
import { type Place, placeKinds, usePlaces } from './places.ts';
import { lambda, type Program, startOldCode } from './program.ts';
import type { FunctionSpec } from './programs/requests.ts';

type More = Omit<Partial<PowertoolsOptions<[unknown]>>, 'dynamodb' | 'redis'>;

const places = usePlaces();
const programs = new Map<Language, Program>();
beforeAll(async () => {
  for (const language of languages) programs.set(language, await startOldCode(language));
}, 120_000);
afterAll(() => {
  for (const program of programs.values()) program.stop();
});

const event = {
  body: '{"user":"ü","id":7}',
  order: { id: 'o-1', amount: 12.5, qty: 2, B: 1, a: 2 },
  z: null,
  a: [1, 'two', true],
  emoji: '😀\u007f\n"\\',
  tiny: 1e-7,
};
const result = { receipt: 'r-1', total: 12.5, ok: true, parts: [1, 'ü', null, { deep: [] }] };

/** The same options, in the words of each language. */
const calls: readonly {
  readonly title: string;
  readonly typescript: Partial<FunctionSpec>;
  readonly python: Partial<FunctionSpec>;
  readonly options: More;
}[] = [
  { title: 'the whole event', typescript: {}, python: {}, options: {} },
  {
    title: 'a key path',
    typescript: { config: { eventKeyJmesPath: 'order.id' } },
    python: { config: { event_key_jmespath: 'order.id' } },
    options: { key: 'order.id' },
  },
  {
    title: 'a list with a null',
    typescript: { config: { eventKeyJmesPath: '[order.id, z, none]' } },
    python: { config: { event_key_jmespath: '[order.id, z, none]' } },
    options: { key: '[order.id, z, none]' },
  },
  {
    title: 'a body that is JSON, and payload validation',
    typescript: {
      config: {
        eventKeyJmesPath: 'powertools_json(body).[user, id]',
        payloadValidationJmesPath: 'order.amount',
      },
    },
    python: {
      config: {
        event_key_jmespath: 'powertools_json(body).[user, id]',
        payload_validation_jmespath: 'order.amount',
      },
    },
    options: { key: 'powertools_json(body).[user, id]', validation: 'order.amount' },
  },
  {
    title: 'another hash',
    typescript: { config: { eventKeyJmesPath: 'order', hashFunction: 'sha256' } },
    python: { config: { event_key_jmespath: 'order', hash_function: 'sha256' } },
    options: { key: 'order', hashFunction: 'sha256' },
  },
  {
    title: 'a key prefix',
    typescript: { keyPrefix: 'my-prefix', function: true },
    python: { keyPrefix: 'my-prefix', function: true },
    options: { keyPrefix: 'my-prefix' },
  },
];

function optionsOf(language: Language, place: Place, more: More): PowertoolsOptions<[unknown]> {
  const whose =
    language === 'python'
      ? { function: 'app.charge' }
      : more.keyPrefix === undefined
        ? { belongsTo: 'charge' }
        : {};
  return { ...place.old, language, lambda, ...whose, ...more } as PowertoolsOptions<[unknown]>;
}

function newCode(options: PowertoolsOptions<[unknown]>) {
  const fn = vi.fn(async (_event: unknown): Promise<unknown> => 'executed again');
  const store = memoryStore();
  const idempotency = createIdempotency({ environment: 'test', store });
  const adopt = powertools<[unknown]>(options);
  return { fn, store, once: idempotency.wrap(fn, { operation: 'charge', adopt }) };
}

describe.each(placeKinds)('on %s', (kind) => {
  describe.each(languages)('what Powertools for %s wrote', (language) => {
    test.each(calls)('is adopted exactly: $title', async ({ options, ...specs }) => {
      const old = programs.get(language)!;
      const place = await places.open(kind);
      const spec = { place: place.spec, result, ...specs[language] };
      expect(await old.ask({ spec, event })).toEqual({ result, ran: true });
      const before = await place.content();
      expect(before).toHaveLength(1);

      const { fn, once, store } = newCode(optionsOf(language, place, options));
      const { value, outcome, record } = await once.execute(event);
      expect({ value, outcome }).toStrictEqual({ value: result, outcome: 'replayed' });
      expect(fn).not.toHaveBeenCalled();
      expect(await store.get(record!.id)).toMatchObject({
        status: 'completed',
        settledBy: { by: 'powertools', reason: expect.stringContaining('#') },
      });
      expect(await place.content()).toStrictEqual(before);
      // From now on it is a record of ours.
      expect(await once(event)).toStrictEqual(result);
    });

    test('is adopted where it answered nothing', async () => {
      const old = programs.get(language)!;
      const place = await places.open(kind);
      await old.ask({ spec: { place: place.spec, function: true, keyPrefix: 'p' }, event });
      const { fn, once } = newCode(optionsOf(language, place, { keyPrefix: 'p' }));
      // TypeScript answers undefined, Python None.
      expect((await once(event)) ?? 'nothing').toBe('nothing');
      expect(fn).not.toHaveBeenCalled();
    });

    test('is nothing for another key, and for what it ran and failed', async () => {
      const old = programs.get(language)!;
      const place = await places.open(kind);
      const keyed = language === 'python' ? 'event_key_jmespath' : 'eventKeyJmesPath';
      const config = { [keyed]: 'order.id' };
      await old.ask({ spec: { place: place.spec, config, result }, event });
      const failed = { ...event, order: { id: 'o-2' } };
      const said = await old.ask({
        spec: { place: place.spec, config, raises: 'no' },
        event: failed,
      });
      expect(said.error).toContain('no');
      const { once } = newCode(optionsOf(language, place, { key: 'order.id' }));
      expect(await once(failed)).toBe('executed again');
      expect(await once({ order: { id: 'o-3' } })).toBe('executed again');
    });
  });
});
