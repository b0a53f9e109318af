import type { Rule } from 'eslint';
import type * as ESTree from 'estree';
import { bindingsOf } from '../code/bindings.ts';
import { isFunction, type Node } from '../code/node.ts';
import { ourCall, recordedFunction } from '../code/our-calls.ts';
import { stepCalls } from '../code/steps.ts';
import { docs } from './rule-docs.ts';

/** A step that nobody awaits fails unseen, and what comes after it does not wait for it. */
export const awaitSteps: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: docs('await-steps', 'Require that every step of a workflow is awaited'),
    messages: {
      unawaited:
        'nobody awaits this step: what comes after it does not wait for it, and its failure is not noticed; write await, or hand it to Promise.all',
    },
    schema: [],
  },
  create(context) {
    const bindings = bindingsOf(context);
    return {
      CallExpression(call) {
        const ours = ourCall(call, bindings);
        const workflow = ours?.method === 'workflow' ? recordedFunction(call, ours) : undefined;
        if (!workflow) return;
        for (const step of stepCalls(workflow, context)) {
          if (!isTakenCareOf(step, context)) {
            context.report({ node: step.callee, messageId: 'unawaited' });
          }
        }
      },
    };
  },
};

const dropping = ['forEach', 'setTimeout', 'setImmediate', 'queueMicrotask', 'nextTick'];

/** Whether the promise goes somewhere: is awaited, returned, kept in a variable that is read, handed on. */
function isTakenCareOf(promise: Node, context: Rule.RuleContext): boolean {
  const { parent } = promise;
  switch (parent?.type as string | undefined) {
    case 'ExpressionStatement':
      return false;
    case 'UnaryExpression':
      return (parent as ESTree.UnaryExpression).operator !== 'void';
    case 'SequenceExpression':
      return (parent as ESTree.SequenceExpression).expressions.at(-1) === promise
        ? isTakenCareOf(parent as Node, context)
        : false;
    case 'MemberExpression': {
      // promise.then(…) is a promise again.
      const call = parent?.parent;
      return call?.type === 'CallExpression' && call.callee === parent
        ? isTakenCareOf(call, context)
        : true;
    }
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'ArrayExpression':
    case 'SpreadElement':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return isTakenCareOf(parent as Node, context);
    case 'CallExpression':
      return isPromiseMethod(parent as ESTree.CallExpression)
        ? isTakenCareOf(parent as Node, context)
        : true;
    case 'VariableDeclarator':
      return context.sourceCode
        .getDeclaredVariables(parent as Node)
        .some(({ references }) => references.some((each) => each.isRead()));
    case 'ReturnStatement':
      return isAnswerUsed(functionAround(parent as Node), context);
    case 'ArrowFunctionExpression':
      return isAnswerUsed(parent as Node, context);
    default:
      return true;
  }
}

function isPromiseMethod({ callee }: ESTree.CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' && (callee.object as ESTree.Identifier).name === 'Promise'
  );
}

/** What a callback answers: `map` makes a list of it, `forEach` drops it. */
function isAnswerUsed(fn: Node | undefined, context: Rule.RuleContext): boolean {
  const call = fn?.parent;
  if (call?.type !== 'CallExpression' || call.callee === fn) return true;
  const { callee } = call;
  const name =
    callee.type === 'MemberExpression'
      ? (callee.property as ESTree.Identifier).name
      : (callee as ESTree.Identifier).name;
  if (dropping.includes(name)) return false;
  return ['map', 'flatMap'].includes(name) ? isTakenCareOf(call, context) : true;
}

function functionAround(node: Node): Node | undefined {
  let around: Node | null | undefined = node;
  while (around && !isFunction(around)) around = around.parent;
  return around ?? undefined;
}
