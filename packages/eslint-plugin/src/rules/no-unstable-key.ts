import type { Rule } from 'eslint';
import type * as ESTree from 'estree';
import { type Bindings, bindingsOf } from '../code/bindings.ts';
import { bare, dottedName, type Node, propertyOf, walk } from '../code/node.ts';
import { ourCall } from '../code/our-calls.ts';
import { docs } from './rule-docs.ts';

const told = ['key', 'fingerprint', 'scope', 'run'];

const unstable = [
  /^Date\.now$/,
  /^performance\.now$/,
  /^Math\.random$/,
  /^(crypto|webcrypto)\.(randomUUID|randomBytes|randomInt|getRandomValues)$/,
  /^process\.(hrtime(\.bigint)?|uptime)$/,
  /^Temporal\.Now\./,
  /^uuid\.v\d$/,
];

/** What packages export that gives another value each time. */
const generators: Readonly<Record<string, RegExp>> = {
  crypto: /^random/,
  'node:crypto': /^random/,
  uuid: /^v[1467]$/,
  nanoid: /^nanoid$/,
  ulid: /^(ulid|monotonicFactory)$/,
  '@paralleldrive/cuid2': /^createId$/,
};

/** A key from a clock or a random value makes every delivery another piece of work. */
export const noUnstableKey: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: docs('no-unstable-key', 'Disallow keys that come from a clock or a random value'),
    messages: {
      unstable:
        "'{{what}}' gives every delivery another {{option}}, so none is known again; take what the message itself says, such as the id of the order",
    },
    schema: [],
  },
  create(context) {
    const bindings = bindingsOf(context);
    return {
      CallExpression(call) {
        const options = ourCall(call, bindings)?.options;
        for (const option of told) {
          const value = propertyOf(options, option);
          const found = value && unstableIn(value, bindings);
          if (!found) continue;
          context.report({
            node: found.at,
            messageId: 'unstable',
            data: { what: found.what, option },
          });
        }
      },
    };
  },
};

interface Found {
  readonly at: Node;
  readonly what: string;
}

/** The first clock or generator that a value depends on, also through names of the same file. */
function unstableIn(value: Node, bindings: Bindings, seen = new Set<Node>()): Found | undefined {
  if (seen.has(value)) return undefined;
  seen.add(value);
  let found: Found | undefined;
  walk(value, (node) => {
    if (found) return false;
    const what = unstableName(node, bindings);
    if (what) {
      found = { at: node, what };
      return false;
    }
    if (node.type !== 'Identifier' || !isRead(node)) return undefined;
    const declared = bindings.declared(node);
    const behind = declared && unstableIn(declared, bindings, seen);
    // Reported where the key is, which is where it is mended.
    if (behind) found = { at: node, what: behind.what };
    return undefined;
  });
  return found;
}

function isRead({ parent, ...node }: Node): boolean {
  const name = (node as { readonly name?: string }).name;
  if (parent?.type === 'MemberExpression' && !parent.computed) {
    return (parent.object as ESTree.Identifier).name === name;
  }
  return (
    parent?.type !== 'Property' ||
    parent.shorthand ||
    (parent.value as ESTree.Identifier).name === name
  );
}

function unstableName(node: Node, bindings: Bindings): string | undefined {
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const isDate = (bare(node.callee) as ESTree.Identifier | undefined)?.name === 'Date';
    if (isDate && (node.arguments.length === 0 || node.type === 'CallExpression')) {
      return node.type === 'NewExpression' ? 'new Date()' : 'Date()';
    }
  }
  if (node.type !== 'CallExpression') return undefined;
  const name = dottedName(node.callee)?.replace(/^(globalThis|window|self)\./, '');
  if (name === undefined) return undefined;
  if (unstable.some((pattern) => pattern.test(name))) return `${name}()`;
  const imported = bindings.imported(node.callee);
  return imported && generators[imported.source]?.test(imported.name) ? `${name}()` : undefined;
}
