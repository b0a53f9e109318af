import type { Code, Html, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Document } from './document.ts';
import type { Line } from './line.ts';

export interface Fence {
  readonly language: string;
  /** What directive comments right above the fence ask for. */
  readonly directives: readonly Directive[];
  readonly lines: readonly Line[];
}

export interface Directive {
  readonly name: string;
  /** The lines of the comment below the directive's name. */
  readonly lines: readonly Line[];
}

/** The fenced code blocks of a document, each with the `<!-- check: … -->` comments right above it. */
export function fences(document: Document): Fence[] {
  const text = document.lines.map((line) => line.text).join('\n');
  return fencesIn(fromMarkdown(text), document);
}

function fencesIn(node: Nodes, document: Document): Fence[] {
  if (!('children' in node)) return [];
  let pending: Directive[] = [];
  return node.children.flatMap((child): Fence[] => {
    if (child.type === 'html') {
      pending = [...pending, ...directivesIn(child, document)];
      return [];
    }
    const directives = pending;
    pending = [];
    if (child.type !== 'code') return fencesIn(child, document);
    return [{ language: child.lang ?? '', directives, lines: linesOf(child, document) }];
  });
}

function directivesIn(html: Html, document: Document): Directive[] {
  const start = html.position?.start.line ?? 1;
  return [...html.value.matchAll(/<!-- check: ([\w-]+)([\s\S]*?)-->/g)].map((match) => {
    const first = start + html.value.slice(0, match.index).split('\n').length - 1;
    const count = (match[2] ?? '').trimEnd().split('\n').length - 1;
    return {
      name: match[1] ?? '',
      lines: document.lines.slice(first, first + count),
    };
  });
}

/** The code's lines with their places; the fence opens one line above the first. */
function linesOf(code: Code, document: Document): Line[] {
  const opening = code.position?.start.line ?? 1;
  if (code.value === '') return [];
  return code.value.split('\n').map((text, index) => {
    const source = document.lines[opening + index];
    if (source === undefined)
      throw new Error(`${document.file}: a code block has no closing fence`);
    return { ...source, text, indent: source.indent + source.text.length - text.length };
  });
}
