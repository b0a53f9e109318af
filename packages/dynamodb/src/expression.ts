import { type Attribute, needsNoAlias } from './attributes.ts';
import type { Layout } from './item.ts';

/** An expression as DynamoDB takes it. */
export interface Expression {
  readonly text: string;
  /** What its aliases stand for. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Puts in the names for all that stands as `#attribute`, or aliases where DynamoDB may need them. `#pk` and
 * `#sk` are the table's keys. */
export function expression({ keys, names }: Layout, template: string): Expression {
  const aliases: Record<string, string> = {};
  const nameOf = (placeholder: string) => {
    if (placeholder === 'pk') return keys.partitionKey;
    return placeholder === 'sk' ? keys.sortKey! : names[placeholder as Attribute];
  };
  const text = template.replace(/#(\w+)/g, (alias, placeholder: string) => {
    const name = nameOf(placeholder);
    if (needsNoAlias(name)) return name;
    aliases[alias] = name;
    return alias;
  });
  return { text, aliases };
}

/** The aliases of expressions that travel together; nothing where there are none, as DynamoDB wants it. */
export function aliasesOf(...expressions: readonly Expression[]): {
  readonly ExpressionAttributeNames?: Record<string, string>;
} {
  const aliases: Record<string, string> = Object.assign(
    {},
    ...expressions.map((each) => each.aliases),
  );
  return Object.keys(aliases).length === 0 ? {} : { ExpressionAttributeNames: aliases };
}
