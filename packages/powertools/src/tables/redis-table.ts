import type { Language } from '../identity/old-hash.ts';
import {
  namesOf,
  type OldClaim,
  type OldRecord,
  type OldTable,
  tokenAttribute,
} from './old-table.ts';
import { type OldRedis, type RedisCommand, redisCommand } from './redis-client.ts';

/** As long as Powertools locks a record whose executor crashed. */
const lockSeconds = 10;

/** Changes the value of a key, and how long it is kept, if it is what it was. */
const compareAndSet = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const compareAndDelete = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** The records that Powertools keeps in Redis or Valkey. */
export function redisTable(
  options: OldRedis,
  language: Language,
  nowSeconds: () => number,
): OldTable {
  const { client } = options;
  const command: RedisCommand = redisCommand(client);
  const names = namesOf(options);
  const write = (fields: Readonly<Record<string, unknown>>): string =>
    language === 'typescript' ? JSON.stringify(fields) : spaced(fields);

  const recordOf = (id: string, text: string): OldRecord => {
    const fields = read(text);
    return {
      id,
      status: typeof fields[names.statusAttr] === 'string' ? String(fields[names.statusAttr]) : '',
      expiration: numberOf(fields[names.expiryAttr]),
      inProgressExpiration: numberOf(fields[names.inProgressExpiryAttr]),
      // Python writes none as an empty text.
      validation: (fields[names.validationKeyAttr] as string | undefined) || undefined,
      data: fields[names.dataAttr],
    };
  };
  const get = async (id: string): Promise<string | undefined> => textOf(await command('GET', id));
  const inProgress = (claim: OldClaim): Record<string, unknown> => ({
    [names.statusAttr]: 'INPROGRESS',
    [names.expiryAttr]: claim.expiration,
    [names.inProgressExpiryAttr]: claim.inProgressExpiration,
    ...(claim.validation !== undefined && { [names.validationKeyAttr]: claim.validation }),
    [tokenAttribute]: claim.token,
  });
  const secondsUntil = (expiration: number): number =>
    Math.max(1, expiration - Math.floor(Date.now() / 1_000));
  /** Runs a script on the record if it is the claim's, as it stands now; answers it as it is otherwise. */
  const change = async (
    claim: OldClaim,
    script: string,
    ...args: string[]
  ): Promise<'changed' | string | undefined> => {
    for (;;) {
      const text = await get(claim.id);
      if (text === undefined || read(text)[tokenAttribute] !== claim.token) return text;
      const changed = await command('EVAL', script, '1', claim.id, text, ...args);
      if (Number(changed) === 1) return 'changed';
    }
  };

  return {
    async get(id) {
      const text = await get(id);
      return text === undefined ? undefined : recordOf(id, text);
    },

    // Step for step what Powertools does, so that both exclude each other.
    async claim(claim) {
      const { id, expiration } = claim;
      const text = write(inProgress(claim));
      const kept = secondsUntil(expiration);
      if ((await command('SET', id, text, 'EX', String(kept), 'NX')) !== null) return 'claimed';
      const existing = await get(id);
      if (existing === undefined) return 'busy';
      if (read(existing)[tokenAttribute] === claim.token) return 'claimed';
      const record = recordOf(id, existing);
      if (isAlive(record, nowSeconds())) return record;
      const lock = await command('SET', `${id}:lock`, 'true', 'EX', String(lockSeconds), 'NX');
      if (lock === null) return 'busy';
      // Whoever had the lock before may have taken the record over since we looked.
      const args = [compareAndSet, '1', id, existing, text, String(kept * 1_000)];
      return Number(await command('EVAL', ...args)) === 1 ? 'claimed' : 'busy';
    },

    async renew(claim) {
      const keptMs = secondsUntil(claim.expiration) * 1_000;
      const next = write(inProgress(claim));
      return (await change(claim, compareAndSet, next, String(keptMs))) === 'changed';
    },

    async complete({ claim, expiration, data }) {
      const fields = {
        [names.statusAttr]: 'COMPLETED',
        [names.expiryAttr]: expiration,
        [names.dataAttr]: data,
        // Powertools leaves it out, and then refuses every replay itself.
        ...(claim.validation !== undefined && { [names.validationKeyAttr]: claim.validation }),
      };
      const text = write(fields);
      const kept = secondsUntil(expiration);
      const done = await change(claim, compareAndSet, text, String(kept * 1_000));
      // Evicted: nobody has taken it over.
      if (done === undefined) {
        const set = await command('SET', claim.id, text, 'EX', String(kept), 'NX');
        return set !== null || (await get(claim.id)) === text;
      }
      // An earlier try of the same request had landed.
      return done === 'changed' || done === text;
    },

    async release(claim) {
      // Left there, it could be taken over once in ten seconds, as long as Powertools locks it for. Left to expire,
      // Powertools may find its key taken and then nothing under it, and throws.
      await change(claim, compareAndDelete);
    },

    async *scan() {
      let cursor = '0';
      const seen = new Set<string>();
      do {
        const found = (await command('SCAN', cursor, 'MATCH', '*#*', 'COUNT', '1000')) as [
          unknown,
          unknown[],
        ];
        cursor = textOf(found[0])!;
        for (const key of found[1]) {
          const id = textOf(key)!;
          if (id.endsWith(':lock') || seen.has(id)) continue;
          seen.add(id);
          const text = await get(id).catch(() => undefined);
          const fields = text === undefined ? {} : read(text);
          if (names.statusAttr in fields && names.expiryAttr in fields) yield recordOf(id, text!);
        }
      } while (cursor !== '0');
    },
  };
}

/** Whether Powertools would leave it alone. */
function isAlive(record: OldRecord, nowSeconds: number): boolean {
  if (record.expiration !== undefined && nowSeconds > record.expiration) return false;
  if (record.status === 'COMPLETED') return true;
  if (record.status !== 'INPROGRESS') return false;
  const { inProgressExpiration } = record;
  return inProgressExpiration === undefined || inProgressExpiration > Date.now();
}

function read(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null ? (fields as never) : {};
  } catch {
    return {};
  }
}

/** One level as Python's `json.dumps` spaces it; what is inside is text already. */
function spaced(fields: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(fields).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{${entries.join(', ')}}`;
}

function textOf(answer: unknown): string | undefined {
  return answer === null || answer === undefined ? undefined : String(answer);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
