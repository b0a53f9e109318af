import type { Rule } from 'eslint';
import type * as ESTree from 'estree';
import { type Bindings, bindingsOf } from '../code/bindings.ts';
import {
  bare,
  dottedName,
  type FunctionNode,
  isFunction,
  type Node,
  propertyOf,
  unawaited,
  walk,
} from '../code/node.ts';
import { ourCall, recordedFunction, stepFunction } from '../code/our-calls.ts';
import { stepCalls } from '../code/steps.ts';
import { docs } from './rule-docs.ts';

const instances =
  /^(Response|Request|URL|URLSearchParams|RegExp|Promise|Proxy|Blob|File|FormData|Worker|(Readable|Writable|Transform)(Stream)?|Duplex|PassThrough|Weak(Map|Set|Ref)|SharedArrayBuffer|Abort(Controller|Signal)|EventEmitter|EventTarget|(\w*)Error)$/;

const makers =
  /^(fetch|Symbol|setTimeout|setInterval|setImmediate|spawn|fork|createServer|createReadStream|createWriteStream|(fs\.)create(Read|Write)Stream|(http|https|net)\.(createServer|connect|request|get))$/;

/** What cannot be recorded is refused after the work is done: say so before. */
export const noUnkeepableResult: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: docs('no-unkeepable-result', 'Disallow results that cannot be recorded and replayed'),
    messages: {
      unkeepable:
        "{{what}} cannot be recorded: the caller gets RESULT_UNSERIALIZABLE, and a replay nothing; return plain data, or say result: 'omit'",
    },
    schema: [
      {
        type: 'object',
        properties: { codecs: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const bindings = bindingsOf(context);
    const { codecs = [] } = (context.options[0] ?? {}) as { readonly codecs?: readonly string[] };
    const check = (fn: FunctionNode | undefined, options: Node | undefined) => {
      if (!fn || textIs(propertyOf(options, 'result'), 'omit') || propertyOf(options, 'types'))
        return;
      for (const answer of answersOf(fn)) {
        const found = unkeepable(answer, bindings, codecs);
        if (found)
          context.report({ node: found.at, messageId: 'unkeepable', data: { what: found.what } });
      }
    };
    return {
      CallExpression(call) {
        const ours = ourCall(call, bindings);
        if (!ours?.method) return;
        const fn = recordedFunction(call, ours);
        check(fn, ours.options);
        if (ours.method !== 'workflow' || !fn) return;
        for (const step of stepCalls(fn, context))
          check(stepFunction(step), bare(step.arguments[2]));
      },
    };
  },
};

function textIs(node: Node | undefined, text: string): boolean {
  return node?.type === 'Literal' && node.value === text;
}

interface Found {
  readonly at: Node;
  readonly what: string;
}

/** What a function answers, as far as it is written out. A generator answers itself. */
function answersOf(fn: FunctionNode): Node[] {
  if (fn.generator) return [fn];
  if (fn.body.type !== 'BlockStatement') return [fn.body as Node];
  const answers: Node[] = [];
  walk(fn.body as Node, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) answers.push(node.argument as Node);
    return isFunction(node) || /^Class/.test(node.type) ? false : undefined;
  });
  return answers;
}

function unkeepable(
  value: Node,
  bindings: Bindings,
  codecs: readonly string[],
  depth = 0,
): Found | undefined {
  const node = unawaited(value);
  if (!node || depth > 8) return undefined;
  const deeper = (inner: ESTree.Node | null) =>
    inner ? unkeepable(inner as Node, bindings, codecs, depth + 1) : undefined;
  switch (node.type) {
    case 'ObjectExpression':
      return first(
        node.properties.map((each) => deeper(each.type === 'Property' ? each.value : null)),
      );
    case 'ArrayExpression':
      return first(node.elements.map((each) => deeper(each)));
    case 'ConditionalExpression':
      return deeper(node.consequent) ?? deeper(node.alternate);
    case 'LogicalExpression':
      return deeper(node.left) ?? deeper(node.right);
    case 'Identifier': {
      const declared = bindings.declared(node);
      const behind = declared && !isFunction(declared) ? deeper(declared) : undefined;
      if (declared && isFunction(declared)) return { at: node, what: 'a function' };
      return behind && { at: node, what: behind.what };
    }
    default: {
      const what = plainly(node, codecs);
      return what === undefined ? undefined : { at: node, what };
    }
  }
}

function plainly(node: Node, codecs: readonly string[]): string | undefined {
  switch (node.type) {
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.generator ? 'a generator' : 'a function';
    case 'ClassExpression':
      return 'a class';
    case 'ThisExpression':
      return "'this'";
    case 'Literal':
      return 'regex' in node && !codecs.includes('RegExp') ? 'a RegExp' : undefined;
    case 'NewExpression': {
      const name = dottedName(node.callee)?.split('.').at(-1);
      return name && instances.test(name) && !codecs.includes(name) ? `a ${name}` : undefined;
    }
    case 'CallExpression': {
      const name = dottedName(node.callee);
      return name && makers.test(name) ? `what ${name}() gives` : undefined;
    }
    default:
      return undefined;
  }
}

function first<T>(found: readonly (T | undefined)[]): T | undefined {
  return found.find((each) => each !== undefined);
}
