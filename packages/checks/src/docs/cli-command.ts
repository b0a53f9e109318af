import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { root } from '../workspace.ts';
import type { Document } from './document.ts';

const bin = join(root, 'packages/cli/dist/bin.js');

/** Every call of `twiceproof` in the code of a document, those in the middle of a sentence included. */
export function cliCommands(document: Document): string[] {
  const found: string[] = [];
  const walk = (node: Nodes): void => {
    if (node.type === 'inlineCode' || (node.type === 'code' && isShell(node.lang))) {
      for (const line of node.value.split('\n')) {
        const typed =
          node.type === 'code' && node.lang === 'console' ? /^\$ (.*)/.exec(line) : [line, line];
        const calls = (typed?.[1] ?? '').split(/(?=\btwiceproof )|\||\)|#/);
        found.push(
          ...calls.filter((call) => call.startsWith('twiceproof ')).map((call) => call.trim()),
        );
      }
    }
    if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(fromMarkdown(document.lines.map(({ text }) => text).join('\n')));
  return found;
}

const isShell = (language: string | null | undefined): boolean =>
  ['sh', 'bash', 'shell', 'console'].includes(language ?? '');

const helps = new Map<string, string>();

/** The help of a command, as its readers would see it. */
function helpOf(name: string): string {
  const known = helps.get(name);
  if (known !== undefined) return known;
  const help = execFileSync('node', [bin, ...(name === '' ? [] : [name]), '--help'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  helps.set(name, help);
  return help;
}

/** What is wrong with a call of `twiceproof`; undefined if command and options are known. */
export function faultOfCall(call: string): string | undefined {
  const [, name = '', rest = ''] = /^twiceproof (?:([a-z]+)\b)?(.*)$/.exec(call) ?? [];
  if (name !== '' && !new RegExp(`^ +${name}\\b`, 'm').test(helpOf(''))) {
    return `${name} is no command of twiceproof`;
  }
  const withoutText = rest.replace(/(["']).*?\1/g, '');
  const options = withoutText.match(/(?<=^|\s)--?[a-z][\w-]*/g) ?? [];
  const unknown = options.filter(
    (option) => !new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(helpOf(name)),
  );
  return unknown.length === 0 ? undefined : `twiceproof ${name} has no ${unknown.join(', ')}`;
}
