import {
  type Acquisition,
  type Claim,
  IdempotencyError,
  recordVersion,
  type StoreOptions,
} from '@twiceproof/core';
import { createReplayGuess } from '@twiceproof/core/toolkit';
import type { Attribute } from './attributes.ts';
import { claimed, type Prior } from './claimed.ts';
import { toleratedShiftMs } from './clock.ts';
import { aliasesOf, expression } from './expression.ts';
import { isOfTheFuture, letBeginNow } from './future-lease.ts';
import { type Item, type Kept, type Layout, readFence, writeItem } from './item.ts';
import { itemBytes, maxItemBytes, mostItemBytes } from './item-size.ts';
import type { WriteAnswer } from './requests.ts';
import { find, isExpired, isLeaseOver, leaseLeft, type StoreContext } from './store-context.ts';

/** What a completion without its value may still add to the claimed item. */
const roomToSettle = 8_192;

/** Each round that is refused is one that somebody else won. */
const mostRounds = 10;

/**
 * Claims with a write that asks only that the item be absent: one request for a first execution,
 * and since the refusal shows what is there, one for a conflict. Where a record is likely to be there,
 * a read comes first: it costs a fifth of a refused write. A record that may be claimed again is
 * replaced by a further write, which asks that it be unchanged.
 */
export function createAcquire(
  context: StoreContext,
): (claim: Claim, options?: StoreOptions) => Promise<Acquisition> {
  const { layout, clock, requests, ownClaims } = context;
  const guess = createReplayGuess();
  const absent = expression(layout, 'attribute_not_exists(#pk)');
  const whereAbsent = { ConditionExpression: absent.text, ...aliasesOf(absent) };

  const acquired = ({ record, ...rest }: Kept, leaseMs: number, startedAt: number): Acquisition => {
    ownClaims.keep(record.token, { record, ...rest });
    // Counted from the start of this call, as the caller counts: the record's own lease is what holds.
    const left = record.leaseUntil - clock.at(startedAt);
    return { status: 'acquired', record, leaseRemainingMs: Math.min(leaseMs, left) };
  };

  const ask = async (
    claim: Claim,
    options: StoreOptions | undefined,
    isReadFirst: boolean,
  ): Promise<Acquisition> => {
    const signal = options?.signal;
    const startedAt = clock.monotonic();
    const read = () => requests.get(layout.keys.of(claim.id), signal);
    let found = isReadFirst ? await read() : undefined;
    let ownItem: Item | undefined;
    let prior: Prior | undefined;
    for (let round = 0; round < mostRounds; round += 1) {
      if (found !== undefined && found !== ownItem) {
        const standing = judge(context, claim, found, options);
        if (standing.is === 'mine') return acquired(standing.found, claim.leaseMs, startedAt);
        if (standing.is === 'taken' && isOfTheFuture(context, standing.found)) {
          await letBeginNow(context, standing.found, unchanged(layout, found), options);
          found = await read();
          continue;
        }
        if (standing.is === 'taken') {
          const leaseRemainingMs = leaseLeft(context, standing.found, clock.now());
          return { status: 'existing', record: standing.found.record, leaseRemainingMs };
        }
        prior = standing.prior;
      }
      const writtenAt = clock.monotonic();
      const now = clock.now();
      const kept = claimed(claim, prior, now);
      const item = writeItem(layout, kept);
      checkSize(item, claim.id);
      const answer: WriteAnswer = await requests.put(
        { Item: item, ...(found === undefined ? whereAbsent : unchanged(layout, found)) },
        signal,
      );
      if (!answer.written) {
        // A server that refuses without showing why is asked; so is one where the item just vanished.
        found = answer.found ?? (await read());
        prior = undefined;
      } else if (Math.abs(clock.at(writtenAt) - now) <= toleratedShiftMs) {
        return acquired(kept, claim.leaseMs, startedAt);
      } else {
        // The answer showed that the clock was off: others would misread the lease. Nothing has
        // started yet, so the same claim is written once more with the right times.
        ownItem = item;
        found = item;
      }
    }
    throw new Error(`${claim.id}: ${mostRounds} others claimed or changed the record meanwhile`);
  };

  return async (claim, options) => {
    if (guess.meet(claim.id)) return ask(claim, options, true);
    const answer = await ask(claim, options, guess.isLikely(claim.operation));
    guess.learn(claim.operation, answer.status === 'existing');
    return answer;
  };
}

type Standing =
  | { readonly is: 'mine'; readonly found: Kept }
  | { readonly is: 'taken'; readonly found: Kept }
  | { readonly is: 'free'; readonly prior: Prior };

function judge(
  context: StoreContext,
  claim: Claim,
  item: Item,
  options: StoreOptions | undefined,
): Standing {
  const fence = readFence(context.layout, item);
  const found = find(context, claim.id, item);
  const now = context.clock.now();
  if (found === undefined || isExpired(context, found, now, options)) {
    return { is: 'free', prior: { fence } };
  }
  const { record, copyUntil } = found;
  if (record.status === 'in_progress' && record.token === claim.token) return { is: 'mine', found };
  const isFree = copyUntil === undefined && isClaimable(context, claim, found, now);
  return isFree ? { is: 'free', prior: { fence, record } } : { is: 'taken', found };
}

function isClaimable(context: StoreContext, claim: Claim, { record }: Kept, now: number): boolean {
  if (isAnotherPayload(record.fingerprint, claim.fingerprint)) return false;
  const isRunning = record.status === 'in_progress';
  if (isRunning && !isLeaseOver(context, record, now)) return false;
  if (claim.supersedes !== undefined) return recordVersion(record) === claim.supersedes;
  return isRunning ? claim.abandoned === 'reexecute' : record.status === 'failed';
}

/** A fingerprint on one side only is no difference: an operation may start or cease to have one. */
function isAnotherPayload(kept: string | undefined, claimed: string | undefined): boolean {
  return kept !== undefined && claimed !== undefined && kept !== claimed;
}

/** What changes with every claim, settlement, renewal, change of expiry and deletion. */
const versionAttributes: readonly Attribute[] = [
  'state',
  'fence',
  'leaseUntil',
  'expiresAt',
  'copyUntil',
  'deletedAt',
];

/** The condition that the item is still as it was seen, down to attributes that cannot be read. */
function unchanged(layout: Layout, seen: Item) {
  const values: Item = {};
  const conditions = versionAttributes.map((attribute) => {
    const value = seen[layout.names[attribute]];
    if (value === undefined) return `attribute_not_exists(#${attribute})`;
    values[`:${attribute}`] = value;
    return `#${attribute} = :${attribute}`;
  });
  const condition = expression(layout, ['attribute_exists(#pk)', ...conditions].join(' AND '));
  return {
    ConditionExpression: condition.text,
    ...aliasesOf(condition),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function checkSize(item: Item, recordId: string): void {
  const mostBytes = maxItemBytes - roomToSettle;
  if (mostItemBytes(item) <= mostBytes) return;
  const bytes = itemBytes(item);
  if (bytes <= mostBytes) return;
  throw new IdempotencyError(
    'OPTIONS_INVALID',
    `${recordId}: a claim of ${bytes} bytes leaves no room for its settlement in an item, which holds ${maxItemBytes}; shorten the input or key preview`,
    { recordId },
  );
}
