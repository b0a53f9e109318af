import type * as ESTree from 'estree';
import { bare, dottedName, type Node } from './node.ts';

const routes = /\.(post|put|patch|delete|all)$/;
const consumers = /\.(consume|process|subscribe|handleMessage|eachMessage|eachBatch)$/;
const options = /^(handleMessage|handleMessageBatch|eachMessage|eachBatch|handler)$/;
const exported = /^(handler|handle[A-Z]\w*|\w*Handler|POST|PUT|PATCH|DELETE)$/;
const decorators = /^(Post|Put|Patch|Delete|MessagePattern|EventPattern|Process|OnEvent|Cron)$/;

/**
 * What registers a function as a handler of requests or messages, which may come twice: the call that
 * it is handed to, its exported declaration, or the method that a framework calls. Undefined for others.
 */
export function handlerAt(fn: Node): Node | undefined {
  const { parent } = fn;
  if (parent?.type === 'CallExpression' && parent.callee !== fn) {
    const name = dottedName(parent.callee) ?? '';
    return routes.test(name) || consumers.test(name) ? parent : undefined;
  }
  if (parent?.type === 'NewExpression') {
    return dottedName(parent.callee) === 'Worker' ? parent : undefined;
  }
  if (parent?.type === 'Property' && parent.value === fn) {
    const { key } = parent;
    return key.type === 'Identifier' && options.test(key.name) ? parent : undefined;
  }
  if (parent?.type === 'MethodDefinition') return isDecorated(parent) ? parent : undefined;
  const declaration = parent?.type === 'VariableDeclarator' ? parent : fn;
  const { id } = declaration as { readonly id?: ESTree.Node };
  if (id?.type !== 'Identifier' || !exported.test(id.name)) return undefined;
  const statement = declaration === fn ? fn.parent : parent?.parent?.parent;
  return /^Export/.test(statement?.type ?? '') ? (statement as Node) : undefined;
}

function isDecorated(method: Node): boolean {
  return decoratorsOf(method).some((each) => decorators.test(dottedName(each.callee) ?? ''));
}

/** The decorators of a method that are called. */
export function decoratorsOf(method: Node): ESTree.CallExpression[] {
  const all = (method as { readonly decorators?: readonly { expression: ESTree.Node }[] })
    .decorators;
  return (all ?? [])
    .map(({ expression }) => bare(expression))
    .filter(
      (each): each is NonNullable<typeof each> & ESTree.CallExpression =>
        each?.type === 'CallExpression',
    );
}
