import { types } from 'node:util';
import { Refusal, refusedAt } from './refusal.ts';

/** Hidden symbol properties are marks of libraries and are left behind; visible ones are data. */
export function refuseSymbolKeys(source: object): void {
  const symbols = Object.getOwnPropertySymbols(source);
  if (symbols.length === 0) return;
  for (const symbol of symbols) {
    if (!Object.prototype.propertyIsEnumerable.call(source, symbol)) continue;
    const refusal = new Refusal('a property named by a symbol; name it by a string');
    throw refusedAt(refusal, source, `[${String(symbol)}]`);
  }
  if (types.isArgumentsObject(source)) {
    throw new Refusal('an arguments object; return an array of them');
  }
}
