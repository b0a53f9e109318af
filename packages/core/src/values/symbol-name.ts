/** A visible property that is named by a symbol: data that has no form. Hidden ones are marks that
 * libraries leave, and are no part of a value. */
export function visibleSymbolName(object: object): symbol | undefined {
  const symbols = Object.getOwnPropertySymbols(object);
  for (let index = 0; index < symbols.length; index++) {
    const symbol = symbols[index]!;
    if (Object.prototype.propertyIsEnumerable.call(object, symbol)) return symbol;
  }
  return undefined;
}
