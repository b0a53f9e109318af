import type { Attribute } from './attributes.ts';
import type { Layout } from './item.ts';

/** `ExpressionAttributeNames` for all that stands as `#attribute` in the expressions, and no more:
 * DynamoDB refuses a name that is not used. `#pk` and `#sk` are the table's keys. */
export function namesIn(
  { keys, names }: Layout,
  ...expressions: readonly string[]
): Record<string, string> {
  const used: Record<string, string> = {};
  for (const expression of expressions) {
    for (const [placeholder, name] of expression.matchAll(/#(\w+)/g)) {
      if (name === 'pk') used[placeholder] = keys.partitionKey;
      else if (name === 'sk') used[placeholder] = keys.sortKey!;
      else used[placeholder] = names[name as Attribute];
    }
  }
  return used;
}
