import type { Rule } from 'eslint';
import type * as ESTree from 'estree';
import { type Bindings, bindingsOf } from '../code/bindings.ts';
import { effectOf } from '../code/effects.ts';
import { decoratorsOf, handlerAt } from '../code/handlers.ts';
import { bare, isFunction, type Node, propertyOf, walk } from '../code/node.ts';
import { ourCall, recordedFunction } from '../code/our-calls.ts';
import { docs } from './rule-docs.ts';

/** An effect beside what is wrapped happens again with each delivery. */
export const noEffectOutsideWrap: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: docs(
      'no-effect-outside-wrap',
      'Disallow effects in a handler outside of what is wrapped',
    ),
    messages: {
      outside:
        "'{{effect}}' is called in a handler, and outside of what Twiceproof wraps: it happens again with every delivery; move it into the wrapped function, or into a step of a workflow",
      betweenSteps:
        "'{{effect}}' is called between the steps of a workflow: it happens again when the workflow is started again; make it a step",
    },
    schema: [
      {
        type: 'object',
        properties: {
          effects: { type: 'array', items: { type: 'string' } },
          everywhere: { type: 'boolean' },
        },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const bindings = bindingsOf(context);
    const { effects = [], everywhere = false } = (context.options[0] ?? {}) as {
      readonly effects?: readonly string[];
      readonly everywhere?: boolean;
    };
    const more = effects.map((pattern) => new RegExp(pattern));
    const suspects: { readonly call: Node; readonly effect: string; readonly handler: Node }[] = [];
    let isOurs = everywhere;
    let isCovered = false;
    return {
      ImportDeclaration({ source }) {
        if (/^@twiceproof\/|idempot/i.test(String(source.value))) isOurs = true;
      },
      CallExpression(call) {
        if (isForAllRoutes(call, bindings)) isCovered = true;
        const effect = effectOf(call, more);
        if (!effect) return;
        const place = placeOf(call, bindings);
        if (place === 'between steps') {
          context.report({ node: call, messageId: 'betweenSteps', data: { effect } });
        } else if (place) suspects.push({ call, effect, handler: place });
      },
      'Program:exit'() {
        if (!isOurs) return;
        for (const { call, effect, handler } of suspects) {
          if (isCovered && handler.type === 'CallExpression') continue;
          context.report({ node: call, messageId: 'outside', data: { effect } });
        }
      },
    };
  },
};

/** Where an effect is not protected: in a handler, or between the steps of a workflow. */
function placeOf(call: Node, bindings: Bindings): Node | 'between steps' | undefined {
  const crossed = new Set<string>();
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'CallExpression' && parent.callee !== node) {
      const ours = ourCall(parent, bindings);
      if (ours) {
        const step = ours.method === 'workflow' && recordedFunction(parent, ours)?.params[1];
        return step && step.type === 'Identifier' && !crossed.has(step.name)
          ? 'between steps'
          : undefined;
      }
      if (parent.callee.type === 'Identifier') crossed.add(parent.callee.name);
    }
    if (!isFunction(node)) continue;
    const handler = handlerAt(node);
    if (handler) return isHandlerProtected(handler, bindings) ? undefined : handler;
  }
  return undefined;
}

/** `app.post(path, idempotencyKey(…), handler)`, a route with our options, a decorated method. */
function isHandlerProtected(handler: Node, bindings: Bindings): boolean {
  if (handler.type === 'CallExpression') {
    return handler.arguments.some((argument) => mentionsUs(bare(argument), bindings));
  }
  return decoratorsOf(handler).some((each) => ourCall(each, bindings) !== undefined);
}

function mentionsUs(argument: Node | undefined, bindings: Bindings): boolean {
  if (!argument || isFunction(argument)) return false;
  if (argument.type === 'Identifier') return mentionsUs(bindings.declared(argument), bindings);
  let isFound = false;
  walk(argument, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'CallExpression' && ourCall(node, bindings)) isFound = true;
    if (propertyOf(node, 'idempotency')) isFound = true;
    return undefined;
  });
  return isFound;
}

/** `app.use(idempotencyKey(…))`. */
function isForAllRoutes(call: ESTree.CallExpression, bindings: Bindings): boolean {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || (callee.property as ESTree.Identifier).name !== 'use') {
    return false;
  }
  return call.arguments.some((argument) => mentionsUs(bare(argument), bindings));
}
