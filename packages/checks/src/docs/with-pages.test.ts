import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@twiceproof/engines';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../command.ts';
import { root } from '../workspace.ts';
import { curlRequest, printed } from './curl.ts';
import { page } from './document.ts';
import { examples } from './example.ts';
import { linkModules } from './linked-modules.ts';
import { type RunningProgram, startProgram } from './running-program.ts';
import { missingLine, sessionsOf } from './session.ts';

// A reader has each page's programs in an empty folder, starts the first one, and types what the page says.
const cleanUp = new AsyncDisposableStack();
let folder: string;
let engines: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twiceproof-pages-'));
  cleanUp.defer(() => rmSync(folder, { recursive: true }));
  linkModules(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  cleanUp.defer(() => redis.stop());
  cleanUp.defer(() => postgres.stop());
  engines = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
}, 120_000);
afterAll(() => cleanUp.disposeAsync());

interface Page {
  readonly name: string;
  /** The names under which its programs are saved. */
  readonly files: readonly [string, ...string[]];
  readonly instances: number;
  /** What all of the instances say together. */
  readonly says: readonly string[];
}

const pages: readonly Page[] = [
  {
    name: 'express',
    files: ['server.ts'],
    instances: 1,
    says: ['charging 1250', 'option scope of idempotencyKey', 'charging 5'],
  },
  { name: 'hono', files: ['server.ts'], instances: 1, says: ['moving 10'] },
  { name: 'fastify', files: ['server.ts'], instances: 1, says: ['booking 12 friday'] },
  { name: 'webhooks', files: ['server.ts', 'deliver.ts'], instances: 2, says: ['taking msg_1'] },
];

test.each(pages)(
  'with $name: what the page says is printed',
  { timeout: 120_000 },
  async (shown) => {
    const file = `docs/with/${shown.name}.md`;
    const document = page(file, readFileSync(join(root, file), 'utf8'));
    const programs = examples(document);
    const own = join(folder, shown.name);
    mkdirSync(own);
    for (const [at, name] of shown.files.entries()) {
      writeFileSync(join(own, name), programs[at]!.lines.map(({ text }) => text).join('\n'));
    }
    await using running = new AsyncDisposableStack();
    const instances: RunningProgram[] = [];
    for (let at = 0; at < shown.instances; at++) {
      const instance = await startProgram(join(own, shown.files[0]), engines);
      running.defer(() => instance.stop());
      instances.push(instance);
    }
    // The ports of the page are those of the instances.
    const here = (text: string) =>
      instances.reduce((all, { port }, at) => all.replaceAll(`${3000 + at}`, `${port}`), text);

    const background: Promise<unknown>[] = [];
    const steps = sessionsOf(document);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      const typed = here(step.typed);
      const ended = type(typed, own);
      if (step.isInBackground) {
        background.push(ended);
        // What comes next finds it under way.
        await once(instances[0]!.output, 'data');
        continue;
      }
      const lines = await ended;
      expect(missingLine(step.printed.map(here), lines), `${typed}\n${lines.join('\n')}`).toBe(
        undefined,
      );
    }
    await Promise.all(background);
    const said = instances.flatMap(({ said }) => said()).filter((line) => !line.startsWith(' '));
    for (const line of shown.says)
      expect(said.filter((each) => each.includes(line))).toHaveLength(1);
  },
);

async function type(typed: string, cwd: string): Promise<string[]> {
  if (!typed.startsWith('curl')) {
    const [program = '', ...args] = typed.split(' ');
    return (await command(program, args, { cwd })).output.split('\n');
  }
  const { url, init } = curlRequest(typed);
  return printed(await fetch(url, init));
}
