import { packages, rootManifest } from '../workspace.ts';
import type { Document } from './document.ts';
import { fences } from './fence.ts';
import type { Line } from './line.ts';

/** The commands a document tells its readers to type. */
export function shellCommands(document: Document): Line[] {
  return fences(document)
    .filter((fence) => ['sh', 'bash', 'shell', 'console'].includes(fence.language))
    .flatMap((fence) => fence.lines)
    .map((line) => ({
      ...line,
      text: line.text
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .trim(),
    }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));
}

/** What is wrong with a command, or undefined when it would do what its reader expects. */
export function faultOf(command: string): string | undefined {
  return wrongVersion(command) ?? unknownScript(command) ?? unknownPackage(command);
}

const pnpmItself = ['add', 'dlx', 'exec', 'install', 'pack', 'publish', 'remove', 'run', 'up'];

function wrongVersion(command: string): string | undefined {
  const named = /\bpnpm@\S+/.exec(command)?.[0];
  if (named === undefined || named === rootManifest.packageManager) return undefined;
  return `names ${named}, and package.json names ${rootManifest.packageManager}`;
}

function unknownScript(command: string): string | undefined {
  const [, filter, script = ''] =
    /^(?:npx -y )?pnpm(?:@\S+)? (?:--filter[ =](\S+) )?(?:run )?([\w:-]+)/.exec(command) ?? [];
  if (script === '' || pnpmItself.includes(script)) return undefined;
  const filtered = packages.find((each) => each.manifest.name === filter);
  const { name, scripts = {} } = filter === undefined ? rootManifest : (filtered?.manifest ?? {});
  if (name === undefined) return `filters for ${filter}, which is not in the workspace`;
  return script in scripts ? undefined : `runs ${script}, which is not a script of ${name}`;
}

function unknownPackage(command: string): string | undefined {
  const published = packages.filter((each) => each.manifest.private !== true);
  if (!/^(npm (i|install|add)|pnpm add|yarn add)\b/.test(command)) return undefined;
  const unknown = [...command.matchAll(/@twiceproof\/[\w-]+/g)]
    .map(([name]) => name)
    .filter((name) => !published.some((each) => each.manifest.name === name));
  return unknown.length === 0
    ? undefined
    : `installs ${unknown.join(', ')}, which is not published`;
}
