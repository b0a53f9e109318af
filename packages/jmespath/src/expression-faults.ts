import type { compile, tokenize } from '@jmespath-community/jmespath';
import { arityOf } from './interpreter.ts';

export type Expression = ReturnType<typeof compile>;

type Token = ReturnType<typeof tokenize>[number];

/** What the parser lets through, and what only a call would show, or not even that. */
export interface Fault {
  readonly reason: string;
  /** Recognises the token at fault by itself and its neighbours: what is parsed has no positions. */
  readonly isAt: (token: Token, before: Token | undefined, after: Token | undefined) => boolean;
}

/** The first fault of an expression, in the order in which it is written. */
export function faultOf(node: Expression, variables: readonly string[] = []): Fault | undefined {
  switch (node.type) {
    case 'Literal':
      return undefined;
    case 'ExpressionReference':
      // Elsewhere it would stand for itself: a key that is the same for every call.
      return {
        reason: "'&' may stand only before an argument of a function",
        isAt: ({ value }, before) => value === '&' && !['(', ','].includes(String(before?.value)),
      };
    case 'Variable':
      if (variables.includes(node.name)) return undefined;
      return {
        reason: `$${node.name} is not defined`,
        isAt: ({ type, value }) => String(type) === 'Variable' && value === node.name,
      };
    case 'MultiSelectHash':
      // The library would set the prototype of the result, and the value would be lost.
      if (!node.children.some((child) => child.name === '__proto__')) break;
      return {
        reason: '__proto__ cannot name a property',
        isAt: ({ value }, _before, after) => value === '__proto__' && after?.value === ':',
      };
    case 'Slice':
      if (node.step !== 0) return undefined;
      return {
        reason: 'the step of a slice is 0',
        isAt: ({ value }, before, after) =>
          value === 0 && before?.value === ':' && after?.value === ']',
      };
    case 'LetExpression': {
      const defined = node.bindings.map((binding) => binding.variable);
      const references = node.bindings.map((binding) => binding.reference);
      return (
        firstFault(references, variables) ?? faultOf(node.expression, [...variables, ...defined])
      );
    }
    case 'Function': {
      const parts = node.children.map((child) =>
        child.type === 'ExpressionReference' ? child.child : child,
      );
      return callFault(node.name, parts.length) ?? firstFault(parts, variables);
    }
    default:
  }
  return firstFault(Object.values(node).flat().filter(isExpression), variables);
}

function firstFault(nodes: readonly Expression[], variables: readonly string[]): Fault | undefined {
  for (const node of nodes) {
    const fault = faultOf(node, variables);
    if (fault) return fault;
  }
  return undefined;
}

function callFault(name: string, given: number): Fault | undefined {
  const reason = callReason(name, given);
  if (reason === undefined) return undefined;
  return { reason, isAt: ({ value }, _before, after) => value === name && after?.value === '(' };
}

function callReason(name: string, given: number): string | undefined {
  const arity = arityOf(name);
  if (arity === undefined) return `there is no function ${name}()`;
  const { least, most } = arity;
  if (given >= least && given <= most) return undefined;
  const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  const expected = least === most ? String(least) : range;
  return `${name}() takes ${expected} ${most === 1 ? 'argument' : 'arguments'} and was given ${given}`;
}

function isExpression(part: unknown): part is Expression {
  return typeof part === 'object' && part !== null && 'type' in part;
}
