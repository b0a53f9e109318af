import type * as ESTree from 'estree';
import type { Bindings } from './bindings.ts';
import { bare, type FunctionNode, isFunction, type Node, propertyOf } from './node.ts';

/** A call that makes something idempotent, or a decorator that does. */
export interface OurCall {
  /** The method of core: `wrap`, `execute`, …; undefined for a function that a package of ours exports. */
  readonly method: string | undefined;
  /** The object that names the operation. */
  readonly options: Node | undefined;
}

const methods = ['wrap', 'execute', 'settled', 'workflow', 'method'];

/** What a call is to us; undefined if it is none of ours. */
export function ourCall(call: ESTree.CallExpression, bindings: Bindings): OurCall | undefined {
  const args = call.arguments.map((argument) => bare(argument));
  const options = args.find((argument) => propertyOf(argument, 'operation') !== undefined);
  const callee = bare(call.callee);
  if (callee?.type === 'MemberExpression' && callee.property.type === 'Identifier') {
    const method = callee.property.name;
    if (options && methods.includes(method)) return { method, options };
  }
  if (!isOurs(callee, bindings)) return undefined;
  const nested = args.map((argument) => propertyOf(argument, 'idempotency'));
  const isObject = (node: Node | undefined) => node?.type === 'ObjectExpression';
  return { method: undefined, options: options ?? nested.find(isObject) ?? args.find(isObject) };
}

function isOurs(callee: Node | undefined, bindings: Bindings): boolean {
  const root = callee?.type === 'MemberExpression' ? callee.object : callee;
  return bindings.imported(root)?.source.startsWith('@twiceproof/') === true;
}

/** The function whose result is recorded: an argument, also inside of another call, or a method. */
export function recordedFunction(
  call: ESTree.CallExpression,
  { method }: OurCall,
): FunctionNode | undefined {
  const given = {
    wrap: call.arguments[0],
    workflow: call.arguments[0],
    execute: call.arguments[1],
    settled: call.arguments[1],
  }[method ?? ''];
  const fn = bare(given);
  if (isFunction(fn)) return fn;
  const inner = fn?.type === 'CallExpression' ? fn.arguments.map((each) => bare(each)) : [];
  return inner.find(isFunction);
}

/** The function that a call of a workflow's step runs. */
export function stepFunction(call: ESTree.CallExpression): FunctionNode | undefined {
  const fn = bare(call.arguments[1]);
  return isFunction(fn) ? fn : undefined;
}
