import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Bundlers move modules but leave files behind: the scripts travel as a module.
const folder = join(import.meta.dirname, 'src', 'lua');
const included: readonly string[] = ['record'];
export const target: string = join(import.meta.dirname, 'src', 'scripts.ts');

/** The module that holds the Lua scripts, made from the files in `src/lua`. */
export function generate(): string {
  const names = readdirSync(folder).map((file) => file.replace(/\.lua$/, ''));
  const scripts = names.filter((name) => !included.includes(name)).sort();
  return [
    '// Made from the files in src/lua by `pnpm generate`; do not edit.',
    '',
    "import type { Script } from './script.ts';",
    ...included.map((name) => `\nconst ${name} = \`${source(name)}\`;`),
    ...scripts.map(
      (name) =>
        `\nexport const ${name}Script: Script = {\n  name: '${name}',\n  sha1: '${sha1(name)}',\n  lua: \`${source(name).replace(include, '$${$1}')}\`,\n};`,
    ),
    '',
  ].join('\n');
}

const include = /^--@include (\w+)\n/gm;

function sha1(name: string): string {
  const lua = source(name).replace(include, (...[, part]: string[]) => source(part!));
  return createHash('sha1').update(lua).digest('hex');
}

function source(name: string): string {
  const lua = withoutComments(readFileSync(join(folder, `${name}.lua`), 'utf8'));
  if (/[\\`]|[$][{]/.test(lua))
    throw new Error(`${name}.lua has a character that a template cannot hold`);
  return lua;
}

function withoutComments(lua: string): string {
  return lua.replace(/^\s*--(?!@).*\n/gm, '').replace(/\n{2,}/g, '\n');
}

if (import.meta.main) writeFileSync(target, generate());
