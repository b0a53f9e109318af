import type * as ESTree from 'estree';
import { bare, dottedName, propertyOf, textOf } from './node.ts';

const names = [
  /(^|\.)(sendMail|sendEmail|sendToQueue|publish)$/,
  /^(axios|got|ky|superagent)\.(post|put|patch|delete)$/,
  /(^|\.)stripe\.(\w+\.)+(create|update|del|cancel|capture|confirm|pay|refund)$/,
  /(^|\.)prisma\.\w+\.(create|createMany|update|updateMany|upsert|delete|deleteMany)$/,
];

const writes = /^\s*(insert|update|delete|merge|replace)\b/i;
const reads = /^(Get|BatchGet|List|Describe|Query|Scan|Receive|Head|Select|Lookup)/;

/** The name of the effect that a call has on the world outside; undefined if none is known. */
export function effectOf(call: ESTree.CallExpression, more: readonly RegExp[]): string | undefined {
  const name = dottedName(call.callee);
  if (name === undefined) return undefined;
  if ([...names, ...more].some((pattern) => pattern.test(name))) return name;
  const [first, second] = call.arguments.map((argument) => bare(argument));
  if (/^(globalThis\.)?fetch$/.test(name)) {
    const method = textOf(propertyOf(second, 'method'))?.toUpperCase();
    return method === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(method) ? undefined : name;
  }
  if (/\.(query|execute|run|exec)$/.test(name)) {
    return writes.test(textOf(first) ?? '') ? name : undefined;
  }
  if (/\.send$/.test(name) && first?.type === 'NewExpression') {
    const command = dottedName(first.callee)?.split('.').at(-1) ?? '';
    return /Command$/.test(command) && !reads.test(command)
      ? `${name}(new ${command}())`
      : undefined;
  }
  return undefined;
}
