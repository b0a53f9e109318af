import { expect, test } from 'vitest';
import { twiceproof } from './run-cli.ts';

/** Has the program say at its end which files were loaded as modules. */
const counting = `
  import { registerHooks } from 'node:module';
  const files = [];
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) files.push(url);
      return next(url, context);
    },
  });
  process.on('exit', () => process.stderr.write(JSON.stringify(files)));
`;

async function filesRead(...args: string[]): Promise<string[]> {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(counting)}`;
  const { code, stderr } = await twiceproof(args, { env: { NODE_OPTIONS } });
  expect(code).toBe(0);
  return JSON.parse(stderr);
}

/** Commander alone has seven. */
const most = 14;

test.each(['--help', '--version'])(
  `with %s the program reads at most ${most} files, and core is none of them`,
  async (option) => {
    const files = await filesRead(option);
    expect(files.filter((file) => file.includes('/core/'))).toEqual([]);
    expect(files.length).toBeLessThanOrEqual(most);
  },
);

test('what serves the console is read where it is served, and not with its help', async () => {
  const files = await filesRead('console', '--help');
  expect(files.filter((file) => /\/core\/|start-console/.test(file))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(most + 2);
});
