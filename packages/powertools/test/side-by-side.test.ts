import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { type PlaceKind, placeKinds, usePlaces } from './places.ts';
import { type Program, startPython, startTypescript } from './program.ts';
import type { CallRequest, FunctionSpec, Said } from './programs/requests.ts';

const places = usePlaces();
const started: Program[] = [];
afterEach(() => {
  for (const program of started.splice(0)) program.stop();
});

const keys = Array.from({ length: 1_000 }, (_, at) => `o-${at}`);
/** How many calls each process has under way. */
const width = 8;

/** Each key twice, in an order of this process's own. */
function orderOf(process: number): readonly string[] {
  const place = (key: string, at: number): string =>
    createHash('md5').update(`${process} ${at} ${key}`).digest('hex');
  return [...keys, ...keys]
    .map((key, at) => ({ key, place: place(key, at) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ key }) => key);
}

/** Calls for every key, again while it is in progress elsewhere. */
async function deliver(program: Program, spec: FunctionSpec, process: number): Promise<Said[]> {
  const waiting = [...orderOf(process)];
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

async function oldCode(language: 'typescript' | 'python'): Promise<Program | undefined> {
  const program = language === 'python' ? await startPython() : startTypescript('old-code');
  if (program) started.push(program);
  return program;
}

describe.each(['typescript', 'python'] as const)('old code in %s', (language) => {
  test.each(placeKinds)(
    'and new code, two processes of each, on %s: one effect for each of 1,000 keys',
    { timeout: 300_000 },
    async (kind: PlaceKind) => {
      const old = [await oldCode(language), await oldCode(language)];
      if (!old[0] || !old[1]) return expect(language).toBe('python');
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
        deliver(old[0], oldSpec, 0),
        deliver(old[1], oldSpec, 1),
        deliver(newer[0]!, newSpec, 2),
        deliver(newer[1]!, newSpec, 3),
      ]);

      const redis = new Redis(effects);
      const counts = await redis.hgetall('effects');
      redis.disconnect();
      expect(Object.keys(counts)).toHaveLength(keys.length);
      expect(Object.entries(counts).filter(([, count]) => count !== '1')).toEqual([]);
      const results = new Map<string, unknown>();
      for (const { result, error } of answers.flat()) {
        expect(error).toBeUndefined();
        const { id } = result as { id: string };
        if (!results.has(id)) results.set(id, result);
        expect(result).toEqual(results.get(id));
      }
      expect(answers.flat()).toHaveLength(4 * 2 * keys.length);
      // Both kinds of code had a share of the work.
      const executors = new Set(
        [...results.values()].map((result) => (result as { by: number }).by),
      );
      expect(executors.size).toBe(4);
    },
  );
});
