import type { Rule } from 'eslint';
import type * as ESTree from 'estree';
import type { FunctionNode, Node } from './node.ts';

/** The calls of a workflow's steps: those of the second parameter of its function. */
export function stepCalls(
  workflow: FunctionNode,
  { sourceCode }: Rule.RuleContext,
): (ESTree.CallExpression & Rule.NodeParentExtension)[] {
  const parameter = workflow.params[1];
  if (parameter?.type !== 'Identifier') return [];
  const variable = sourceCode
    .getDeclaredVariables(workflow)
    .find(({ name }) => name === parameter.name);
  return (variable?.references ?? []).flatMap(({ identifier }) => {
    const { parent } = identifier as Node;
    return parent?.type === 'CallExpression' && parent.callee === identifier ? [parent] : [];
  });
}
