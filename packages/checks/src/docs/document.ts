import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import type { Line } from './line.ts';

/** A stretch of Markdown: a whole page, or one documentation comment of a source file. */
export interface Document {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly lines: readonly Line[];
}

const pages = ['*.md', 'docs/**/*.md', '{packages,apps,examples}/*/README.md'];
const sources = ['packages/*/src/**/*.ts'];

export function documents(): Document[] {
  return [
    ...filesOf(pages).map((file) => page(file, read(file))),
    ...filesOf(sources)
      .filter((file) => !/\.test(-d)?\.ts$/.test(file))
      .flatMap((file) => comments(file, read(file))),
  ];
}

export function page(file: string, text: string): Document {
  const lines = text.split('\n');
  return {
    file,
    lines: lines.map((line, index) => ({ text: line, file, number: index + 1, indent: 0 })),
  };
}

/** The documentation comments of a source file, without their leading asterisks. */
export function comments(file: string, text: string): Document[] {
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].map((match) => {
    const first = text.slice(0, match.index).split('\n').length;
    const lines = match[0].split('\n').map((line, index) => {
      const inner = line.replace(/^\s*(\/\*\*|\* ?(?!\/))/, '').replace(/\s*\*\/$/, '');
      return { text: inner, file, number: first + index, indent: line.indexOf(inner) };
    });
    return { file, lines };
  });
}

function filesOf(patterns: string[]): string[] {
  return globSync(patterns, { cwd: root, exclude: ['**/node_modules', '**/dist'] }).sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
