import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonKey } from '../../test/json-keys.ts';
import { encodeCanonical } from './canonical.ts';
import { digestKeyOf } from './digest.ts';
import { keyPrefix, recordIdOf } from './record-id.ts';

interface Vector {
  readonly name: string;
  readonly environment: string;
  readonly operation: string;
  readonly run?: number;
  readonly scope?: string | number;
  readonly secret?: string;
  /** For keys that JSON can hold; the others are JavaScript expressions. */
  readonly key?: unknown;
  readonly javascript?: string;
  readonly canonical: string;
  readonly envelope: string;
  readonly id: string;
}

const docs = new URL('../../../../docs/', import.meta.url);
const page = readFileSync(new URL('record-id.md', docs), 'utf8');
const vectors: Vector[] = JSON.parse(readFileSync(new URL('record-id-vectors.json', docs), 'utf8'));

function keyOf({ key, javascript }: Vector): unknown {
  return javascript === undefined ? key : new Function(`return (${javascript})`)();
}

describe('the examples in docs/record-id-vectors.json', () => {
  test.each(vectors)('$name', (vector) => {
    const { secret } = vector;
    const digestKey = secret === undefined ? undefined : digestKeyOf(secret);
    const prefix = keyPrefix({ run: 0, ...vector, digestKey });
    const key = keyOf(vector);
    expect(encodeCanonical(key)).toBe(vector.canonical);
    expect(prefix.envelopePrefix + encodeCanonical(key)).toBe(vector.envelope);
    expect(recordIdOf(prefix, key)).toBe(vector.id);
  });

  test('have an id each', () => {
    expect(new Set(vectors.map((vector) => vector.id)).size).toBe(vectors.length);
  });
});

describe('the Python program of docs/record-id.md', () => {
  const [, program = ''] = /```python\n(.*?)```/s.exec(page) ?? [];

  function runPython(lines: readonly string[]) {
    const { error, ...ended } = spawnSync('python3', ['-c', program], {
      input: lines.join('\n'),
      encoding: 'utf8',
    });
    if (error) {
      throw new Error(
        'python3 is not on the PATH; get it from your system (apt-get install python3, brew install python) or python.org',
        { cause: error },
      );
    }
    return ended;
  }

  function idsByPython(inputs: readonly object[]): string[] {
    const { status, stdout, stderr } = runPython(inputs.map((input) => JSON.stringify(input)));
    if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`);
    return stdout.trimEnd().split('\n');
  }

  test('computes the ids of the examples whose keys are JSON', () => {
    const json = vectors.filter((vector) => vector.javascript === undefined);
    const inputs = json.map(({ name, canonical, envelope, id, ...input }) => input);
    expect(idsByPython(inputs)).toEqual(json.map((vector) => vector.id));
  });

  test('and of any others', () => {
    const keys = fc.sample(jsonKey, 2_000);
    const prefix = keyPrefix({ environment: 'prod', operation: 'any', run: 3, scope: 0.1 });
    const inputs = keys.map((key) => ({
      environment: 'prod',
      operation: 'any',
      run: 3,
      scope: 0.1,
      key,
    }));
    expect(idsByPython(inputs)).toEqual(keys.map((key) => recordIdOf(prefix, key)));
  });

  test.each(['9007199254740993', '-9007199254740992', '1e21'])(
    'refuses %s, as a key and as a scope',
    (number) => {
      const line = (parts: string) => `{"environment":"prod","operation":"any",${parts}}`;
      for (const parts of [`"key":[${number}]`, `"key":1,"scope":${number}`]) {
        const { status, stderr } = runPython([line(parts)]);
        expect(stderr).toContain('beyond 2^53 - 1');
        expect(status).not.toBe(0);
      }
    },
  );
});
