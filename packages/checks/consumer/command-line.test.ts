import { join } from 'node:path';
import { startRedis } from '@idemkit/engines';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, succeed } from '../src/command.ts';
import { lowestNode, lowestVersion } from './lowest-node.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';

const minutes = 60_000;

let project: Project;
let engine: Awaited<ReturnType<typeof startRedis>>;

beforeAll(async () => {
  project = createProject();
  await project.install(tarball('@idemkit/core'), tarball('@idemkit/cli'));
  engine = await startRedis({ own: true });
}, 5 * minutes);

afterAll(async () => {
  await engine?.stop();
  project.remove();
});

const idemkit = () => join(project.folder, 'node_modules/.bin/idemkit');
const list = () => ['list', '--store', engine.url];

test('idemkit is a command of the project, and names what a store still needs', async () => {
  // Without the packages of the workspace, where this test was started from.
  const options = { cwd: project.folder, env: { ...process.env, NODE_PATH: '' } };
  expect(await succeed(idemkit(), ['--version'], options)).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await command(idemkit(), list(), options)).toEqual({
    code: 2,
    output: 'idemkit: @idemkit/redis is not installed: npm install @idemkit/redis ioredis\n',
  });
});

test('idemkit works with a store once it is installed', { timeout: 5 * minutes }, async () => {
  const cwd = project.folder;
  await project.install(tarball('@idemkit/redis'), sameVersion('ioredis'));
  expect(await succeed(idemkit(), list(), { cwd })).toBe('no records match\n');
});

test(`idemkit works on Node ${lowestVersion}`, { timeout: 5 * minutes }, async () => {
  const args = [idemkit(), ...list()];
  const output = await succeed(await lowestNode(), args, { cwd: project.folder });
  expect(output).toBe('no records match\n');
});
