/** What the attributes of an item are called, unless the `attributes` option renames them. */
const defaultNames = {
  /** The record id, kept only where the keys do not hold it in a form that can be read back. */
  recordId: 'recordId',
  environment: 'environment',
  operation: 'operation',
  run: 'run',
  scope: 'scope',
  status: 'status',
  token: 'token',
  fence: 'fence',
  attempt: 'attempt',
  fingerprint: 'fingerprint',
  /** Of a step, its workflow's record id; of both, the digest of what the workflow was started with. */
  workflow: 'workflow',
  createdAt: 'createdAt',
  startedAt: 'startedAt',
  leaseUntil: 'leaseUntil',
  /** When the latest renewal was sent: one that arrives late must not shorten a newer lease. */
  renewedAt: 'renewedAt',
  completedAt: 'completedAt',
  expiresAt: 'expiresAt',
  /** While in progress: how long the record outlives its lease, so that a renewal can move both. */
  retentionMs: 'retentionMs',
  /** The same in seconds, with the grace, because an update can add but not divide. */
  ttlSeconds: 'ttlSeconds',
  /** What DynamoDB's time to live reads: the expiry plus the grace, in epoch seconds. */
  ttl: 'ttl',
  keyPreview: 'keyPreview',
  inputPreview: 'inputPreview',
  outcome: 'outcome',
  outcomeBytes: 'outcomeBytes',
  /** How the latest attempt ended: its error, and who settled it without executing it. */
  ending: 'ending',
  traceparent: 'traceparent',
  formatVersion: 'formatVersion',
  /** Of a copy, in its place: a listing looks for the other one, and so meets no copies. */
  copyFormat: 'copyFormat',
  /** Set on a copy that a tiered store put here: when this store stops serving it. */
  copyUntil: 'copyUntil',
  /** Set on what a deletion leaves for a while, so that the fence goes on rising. */
  deletedAt: 'deletedAt',
};

export type Attribute = keyof typeof defaultNames;

/** Attribute names by what they hold. */
export type AttributeNames = Readonly<Record<Attribute, string>>;

/** What an index for listing must hold beside its keys: all that a record needs but its outcome.
 * DynamoDB allows 20 at most. */
export const listedAttributes: readonly Attribute[] = [
  'environment',
  'run',
  'scope',
  'status',
  'token',
  'fence',
  'attempt',
  'fingerprint',
  'workflow',
  'createdAt',
  'leaseUntil',
  'completedAt',
  'expiresAt',
  'keyPreview',
  'inputPreview',
  'outcomeBytes',
  'ending',
  'traceparent',
  'formatVersion',
];

export const attributes: readonly Attribute[] = Object.keys(defaultNames) as Attribute[];

export function attributeNames(renamed: Partial<AttributeNames>): AttributeNames {
  return { ...defaultNames, ...renamed };
}
