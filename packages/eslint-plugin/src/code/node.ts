import type { Rule } from 'eslint';
import type * as ESTree from 'estree';

/** A node, as a rule is given it: with its parent. */
export type Node = Rule.Node;

export type FunctionNode = (
  | ESTree.FunctionExpression
  | ESTree.ArrowFunctionExpression
  | ESTree.FunctionDeclaration
) &
  Rule.NodeParentExtension;

export function isFunction(node: Node | undefined): node is FunctionNode {
  return /^(FunctionExpression|ArrowFunctionExpression|FunctionDeclaration)$/.test(
    node?.type ?? '',
  );
}

const wrappers = [
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'ChainExpression',
];

/** The expression without what only the compiler reads. */
export function bare(node: ESTree.Node | undefined | null): Node | undefined {
  let inner = (node ?? undefined) as Node | undefined;
  while (inner && wrappers.includes(inner.type)) {
    inner = (inner as { readonly expression?: unknown }).expression as Node;
  }
  return inner;
}

/** What is left of a call or value after `await`. */
export function unawaited(node: ESTree.Node | undefined | null): Node | undefined {
  const inner = bare(node);
  return inner?.type === 'AwaitExpression' ? unawaited(inner.argument) : inner;
}

/** Visits a node and all below it; `enter` answers false to leave out what is below. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  for (const [name, value] of Object.entries(node)) {
    if (name === 'parent') continue;
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isNode(each)) walk(each, enter);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof (value as { readonly type?: unknown } | null)?.type === 'string';
}

/** `stripe.charges.create` for the callee of such a call; undefined if a part of it has no name. */
export function dottedName(node: ESTree.Node | undefined): string | undefined {
  const inner = bare(node);
  if (inner?.type === 'Identifier') return inner.name;
  if (inner?.type === 'ThisExpression') return 'this';
  if (inner?.type !== 'MemberExpression') return undefined;
  const object = dottedName(inner.object);
  const name =
    inner.property.type === 'PrivateIdentifier' || !inner.computed
      ? nameOf(inner.property)
      : undefined;
  return object && name && `${object}.${name}`;
}

function nameOf(property: ESTree.Node): string | undefined {
  return property.type === 'Identifier' || property.type === 'PrivateIdentifier'
    ? property.name
    : undefined;
}

/** The value of a property that is written out in an object. */
export function propertyOf(object: ESTree.Node | undefined, name: string): Node | undefined {
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key } = property;
    const known = key.type === 'Identifier' ? key.name : key.type === 'Literal' && key.value;
    if (known === name) return bare(property.value);
  }
  return undefined;
}

/** The text of a string that is written out, with `…` in place of what is computed. */
export function textOf(node: ESTree.Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral') return undefined;
  return node.quasis.map(({ value }) => value.cooked ?? '').join('…');
}
