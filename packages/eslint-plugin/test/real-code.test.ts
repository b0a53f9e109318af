import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugin } from '../src/plugin.ts';

const require = createRequire(import.meta.url);
const oxlint = join(require.resolve('oxlint/package.json'), '../bin/oxlint');
const root = resolve(import.meta.dirname, '../../..');
const here = relative(root, import.meta.dirname);
const fixtures = globSync(`${here}/fixtures/*.ts`, { cwd: root }).sort();
const examples = globSync('examples/*/src/**/*.ts', { cwd: root }).sort();

/** `file:line rule`, of everything that was found, in order. */
type Findings = readonly string[];

async function byEslint(files: readonly string[]): Promise<Findings> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parser }, ...plugin.configs.recommended },
    ],
  });
  const results = await eslint.lintFiles([...files]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      (each) => `${relative(root, filePath)}:${each.line} ${each.ruleId ?? each.message}`,
    ),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'twiceproof-oxlint-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function byOxlint(files: readonly string[]): Promise<Findings> {
  const config = join(folder, 'oxlint.json');
  const dist = resolve(import.meta.dirname, '../dist/index.js');
  const { rules } = plugin.configs.recommended;
  const categories = { correctness: 'off' };
  writeFileSync(config, JSON.stringify({ plugins: [], categories, jsPlugins: [dist], rules }));
  const args = [oxlint, '--config', config, '--format', 'json', '--no-ignore', ...files];
  const stdout = await new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd: root }, (_error, output) => done(output));
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[];
  };
  return diagnostics.map(
    ({ code, filename, labels }) =>
      `${filename}:${labels[0]?.span.line} ${code.replace(/^(.*)\((.*)\)$/, '$1/$2')}`,
  );
}

/** What the comments of the fixtures say is to be found. */
function expected(): Findings {
  return fixtures.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const rules = /\/\/ found: (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
        return rules.map((rule) => `${file}:${index + 1} @twiceproof/${rule}`);
      }),
  );
}

describe.each([
  ['ESLint', byEslint],
  ['oxlint', byOxlint],
])('%s', (_name, lint) => {
  let found: Findings;
  beforeAll(async () => {
    found = await lint(fixtures);
  });

  test('finds in a server, a workflow and a function what is wrong there, and nothing else', () => {
    expect([...found].sort()).toEqual([...expected()].sort());
  });

  test('finds each rule broken somewhere', () => {
    const rules = new Set(found.map((each) => each.split(' ')[1]));
    expect([...rules].sort()).toEqual(Object.keys(plugin.configs.recommended.rules).sort());
  });

  test('finds nothing wrong with the examples', async () => {
    expect(examples.length).toBeGreaterThan(30);
    expect(await lint(examples)).toEqual([]);
  });
});
