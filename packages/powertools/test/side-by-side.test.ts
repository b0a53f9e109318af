import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { type Language, languages } from './languages.ts';
import { type PlaceKind, placeKinds, usePlaces } from './places.ts';
import { type Program, startOldCode, startTypescript } from './program.ts';
import type { CallRequest, FunctionSpec, Said } from './programs/requests.ts';

const places = usePlaces();
const started: Program[] = [];
afterEach(() => {
  for (const program of started.splice(0)) program.stop();
});

/** The layout with a sort key differs in nothing but the names, and takes the longest. */
const scenarios: readonly { readonly kind: PlaceKind; readonly count: number }[] = placeKinds.map(
  (kind) => ({ kind, count: kind === 'DynamoDB with a sort key' ? 300 : 1_000 }),
);
/** How many calls each process has under way. */
const width = 8;

/** Each key twice, in an order of this process's own. */
function orderOf(count: number, process: number): readonly string[] {
  const keys = Array.from({ length: count }, (_, at) => `o-${at}`);
  const place = (key: string, at: number): string =>
    createHash('md5').update(`${process} ${at} ${key}`).digest('hex');
  return [...keys, ...keys]
    .map((key, at) => ({ key, place: place(key, at) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ key }) => key);
}

/** Calls for every key, again while it is in progress elsewhere. */
async function deliver(
  program: Program,
  spec: FunctionSpec,
  order: readonly string[],
): Promise<Said[]> {
  const waiting = [...order];
  const answers: Said[] = [];
  const worker = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const request: CallRequest = { spec, event: { id } };
      let said = await program.ask(request);
      while (said.inProgress) {
        await sleep(5);
        said = await program.ask(request);
      }
      answers.push(said);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return answers;
}

async function oldCode(language: Language): Promise<Program> {
  const program = await startOldCode(language);
  started.push(program);
  return program;
}

describe.each(languages)('old code in %s', (language) => {
  test.each(scenarios)(
    'and new code, two processes of each, on $kind: one effect for each of $count keys',
    { timeout: 300_000 },
    async ({ kind, count }) => {
      const old = [await oldCode(language), await oldCode(language)] as const;
      const newer = [startTypescript('new-code'), startTypescript('new-code')];
      started.push(...newer);
      const place = await places.open(kind);
      const counted = await places.open('Redis');
      const own = await places.open('Redis');
      const effects = counted.spec.redis!;
      const keyed = language === 'python' ? 'event_key_jmespath' : 'eventKeyJmesPath';
      const oldSpec = { place: place.spec, effects, config: { [keyed]: 'id' } };
      const newSpec = { place: place.spec, effects, adopts: language, own: own.spec.redis! };
      const answers = await Promise.all([
        deliver(old[0], oldSpec, orderOf(count, 0)),
        deliver(old[1], oldSpec, orderOf(count, 1)),
        deliver(newer[0]!, newSpec, orderOf(count, 2)),
        deliver(newer[1]!, newSpec, orderOf(count, 3)),
      ]);

      const redis = new Redis(effects);
      const counts = await redis.hgetall('effects');
      redis.disconnect();
      expect(Object.keys(counts)).toHaveLength(count);
      expect(Object.entries(counts).filter(([, count]) => count !== '1')).toEqual([]);
      const results = new Map<string, unknown>();
      for (const { result, error } of answers.flat()) {
        expect(error).toBeUndefined();
        const { id } = result as { id: string };
        if (!results.has(id)) results.set(id, result);
        expect(result).toEqual(results.get(id));
      }
      expect(answers.flat()).toHaveLength(4 * 2 * count);
      // Both kinds of code had a share of the work.
      const executors = new Set(
        [...results.values()].map((result) => (result as { by: number }).by),
      );
      expect(executors.size).toBe(4);
    },
  );
});
