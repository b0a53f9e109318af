import { join } from 'node:path';
import { startRedis } from '@twiceproof/engines';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, succeed } from '../src/command.ts';
import { lowestNode, lowestVersion } from './lowest-node.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';

const minutes = 60_000;

let project: Project;
let engine: Awaited<ReturnType<typeof startRedis>>;

beforeAll(async () => {
  project = createProject();
  await project.install(tarball('@twiceproof/core'), tarball('@twiceproof/cli'));
  engine = await startRedis({ own: true });
}, 5 * minutes);

afterAll(async () => {
  await engine?.stop();
  project.remove();
});

const twiceproof = () => join(project.folder, 'node_modules/.bin/twiceproof');
const list = () => ['list', '--store', engine.url];

test('twiceproof is a command of the project, and names what a store still needs', async () => {
  // Without the packages of the workspace, where this test was started from.
  const options = { cwd: project.folder, env: { ...process.env, NODE_PATH: '' } };
  expect(await succeed(twiceproof(), ['--version'], options)).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await command(twiceproof(), list(), options)).toEqual({
    code: 2,
    output:
      'twiceproof: @twiceproof/redis is not installed: npm install @twiceproof/redis ioredis\n',
  });
});

test('twiceproof works with a store once it is installed', { timeout: 5 * minutes }, async () => {
  const cwd = project.folder;
  await project.install(tarball('@twiceproof/redis'), sameVersion('ioredis'));
  expect(await succeed(twiceproof(), list(), { cwd })).toBe('no records match\n');
});

test(`twiceproof works on Node ${lowestVersion}`, { timeout: 5 * minutes }, async () => {
  const args = [twiceproof(), ...list()];
  const output = await succeed(await lowestNode(), args, { cwd: project.folder });
  expect(output).toBe('no records match\n');
});
