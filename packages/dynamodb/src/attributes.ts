/**
 * What the attributes of an item are called, unless the `attributes` option renames them: every request
 * and every item carries these names. None is a reserved word of DynamoDB, so that expressions can name them.
 */
const defaultNames = {
  /** The record id, kept only where the keys do not hold it in a form that can be read back. */
  recordId: 'rid',
  operation: 'op',
  startedAt: 'sa',
  /** A letter for the status, then the token: what ownership is. */
  state: 'st',
  fence: 'fn',
  leaseUntil: 'lu',
  /** When the latest renewal was sent: one that arrives late must not shorten a newer lease. */
  renewedAt: 'ra',
  expiresAt: 'ea',
  /** What DynamoDB's time to live reads: the expiry plus the grace, in epoch seconds. */
  ttl: 'ttlAt',
  /** What only the claim writes, and nothing compares. */
  claim: 'cl',
  /** How the latest attempt ended; of a record in progress, that nobody knows. */
  end: 'en',
  outcome: 'oc',
  /** Set on a copy that a tiered store put here: when this store stops serving it. */
  copyUntil: 'cu',
  /** Set on what a deletion leaves for a while, so that the fence goes on rising. */
  deletedAt: 'da',
};

export type Attribute = keyof typeof defaultNames;

/** Attribute names by what they hold. */
export type AttributeNames = Readonly<Record<Attribute, string>>;

/** What an index for listing must hold beside its keys: all that a record needs but its outcome. */
export const listedAttributes: readonly Attribute[] = [
  'state',
  'fence',
  'leaseUntil',
  'renewedAt',
  'expiresAt',
  'claim',
  'end',
  'copyUntil',
];

export const attributes: readonly Attribute[] = Object.keys(defaultNames) as Attribute[];

export function attributeNames(renamed: Partial<AttributeNames>): AttributeNames {
  return { ...defaultNames, ...renamed };
}

const unreserved: ReadonlySet<string> = new Set(['id', ...Object.values(defaultNames)]);

/** Whether an expression may name the attribute as it is; any other name may be a reserved word. */
export function needsNoAlias(name: string): boolean {
  return unreserved.has(name);
}
