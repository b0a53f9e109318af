import { kinds } from '../node-modules.ts';
import { Refusal } from '../values/refusal.ts';
import { visibleSymbolName } from '../values/symbol-name.ts';

export function refuseSymbolKeys(source: object): void {
  // Also an arguments object has one.
  if (Object.getOwnPropertySymbols(source).length === 0) return;
  const symbol = visibleSymbolName(source);
  if (symbol !== undefined) {
    const refusal = new Refusal('a property named by a symbol', 'name it by a string');
    throw refusal.within(source, `[${String(symbol)}]`);
  }
  if (kinds.isArgumentsObject(source)) {
    throw new Refusal('an arguments object', 'return an array of them');
  }
}
