import { numberArray, storable, textArray } from '../array-literal.ts';

/** What a statement is sent about: one item by its values, several by an array for each column. */
export type Extent = 'one' | 'many';

export function extentOf(items: readonly unknown[]): Extent {
  return items.length === 1 ? 'one' : 'many';
}

type Column = readonly [name: string, type: 'text' | 'bigint' | 'int'];

/**
 * The items as rows of `alias`, from the first parameters on. Each array that is unnested has a store of
 * its own on the server, which for a single item takes longer than all the rest.
 */
export function items(extent: Extent, alias: string, columns: readonly Column[]): string {
  if (extent === 'one') {
    const values = columns.map(([name, type], at) => `$${at + 1}::${type} AS ${name}`);
    return `(SELECT ${values.join(', ')}) AS ${alias}`;
  }
  const arrays = columns.map(([, type], at) => `$${at + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS ${alias} (${columns.map(([name]) => name).join(', ')})`;
}

/** The parameter for a column of texts. */
export function texts<Item>(
  given: readonly Item[],
  read: (item: Item) => string | undefined,
): string | null {
  if (given.length > 1) return textArray(given.map(read));
  const text = read(given[0]!);
  return text === undefined ? null : storable(text);
}

/** The parameter for a column of whole numbers. */
export function numbers<Item>(
  given: readonly Item[],
  read: (item: Item) => number | null,
): string | number | null {
  return given.length > 1 ? numberArray(given.map(read)) : read(given[0]!);
}
