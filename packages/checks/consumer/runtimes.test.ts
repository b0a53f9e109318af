import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { succeed } from '../src/command.ts';
import { fetchedProgram } from './fetched-program.ts';
import { lowestVersion, nodeOf } from './lowest-node.ts';
import { createProject, type Project, sameVersion, tarball } from './project.ts';
import { triedOn } from './where-it-runs.ts';

const minutes = 60_000;

const main = `import { check } from './runtime-check.mjs';
const { Bun, Deno, process } = globalThis;
const version = Bun?.version ?? Deno?.version.deno ?? process.version.slice(1);
console.log(await check() + ' ' + version);
`;
const worker = `import { check } from './runtime-check.mjs';
export default {
  fetch: () => check().then((text) => new Response(text), (error) => new Response(error.stack)),
};
`;

let project: Project;
beforeAll(async () => {
  project = createProject();
  const ours = ['core', 'memory', 'http'].map((name) => tarball(`@twiceproof/${name}`));
  await project.install(...ours, sameVersion('esbuild'));
  const write = (name: string, text: string) => writeFileSync(join(project.folder, name), text);
  copyFileSync(
    join(import.meta.dirname, 'runtime-check.mjs'),
    join(project.folder, 'runtime-check.mjs'),
  );
  write('main.mjs', main);
  write('worker.mjs', worker);
}, 5 * minutes);
afterAll(() => project.remove(), minutes);

const run = (program: string, ...args: string[]): Promise<string> =>
  succeed(program, [...args, 'main.mjs'], { cwd: project.folder, env: { PATH: process.env.PATH } });

test('Node is tried from the lowest version that the packages name', () => {
  expect(`${triedOn('Node')[0]}.0`).toBe(lowestVersion);
});

test.concurrent.each(triedOn('Node'))(
  'Node %s runs core, memory and http',
  { timeout: 5 * minutes },
  async (version) => {
    const isHere = process.version.startsWith(`v${version}.`);
    const exact = version.includes('.') ? `${version}.0` : version;
    const node = isHere ? process.execPath : await nodeOf(exact);
    expect(await run(node)).toMatch(new RegExp(`^fine ${version}\\.`));
  },
);

test.concurrent.each(triedOn('Bun'))(
  'Bun %s runs core, memory and http',
  { timeout: 5 * minutes },
  async (version) => {
    const bun = await fetchedProgram(`bun@${version}`, '.bin/bun');
    expect(await run(bun)).toMatch(new RegExp(`^fine ${version}\\.`));
  },
);

test.concurrent.each(triedOn('Deno'))(
  'Deno %s runs core, memory and http, without any permission',
  { timeout: 5 * minutes },
  async (version) => {
    const deno = await fetchedProgram(`deno@${version}`, '.bin/deno');
    expect(await run(deno, 'run', '--no-prompt')).toMatch(new RegExp(`^fine ${version}\\.`));
  },
);

test.concurrent.each(triedOn('Workers'))(
  'Workers of %s run core, memory and http, for one request after another',
  { timeout: 5 * minutes },
  async (date) => {
    const workerd = await fetchedProgram('workerd@1', '.bin/workerd');
    const bundle = [
      '--bundle',
      '--format=esm',
      '--platform=neutral',
      '--external:node:*',
      '--main-fields=module,main',
    ];
    await succeed(
      'node_modules/.bin/esbuild',
      ['worker.mjs', '--outfile=bundle.mjs', '--log-level=error', ...bundle],
      {
        cwd: project.folder,
      },
    );
    writeFileSync(join(project.folder, 'config.capnp'), configOf(date));
    // The third descriptor is where it tells its port.
    const served = spawn(workerd, ['serve', 'config.capnp', '--control-fd=3'], {
      cwd: project.folder,
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    });
    const ended = once(served, 'exit');
    try {
      const [line] = await once(served.stdio[3]!, 'data');
      const { port } = JSON.parse(String(line).split('\\n')[0]!) as { port: number };
      for (let requests = 0; requests < 3; requests += 1) {
        const response = await fetch(`http://127.0.0.1:${port}/`);
        expect(await response.text()).toBe('fine');
      }
    } finally {
      served.kill();
      await ended;
    }
  },
);

function configOf(date: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "bundle.mjs")],
  compatibilityDate = "${date}",
  compatibilityFlags = ["nodejs_compat"]
);
`;
}
