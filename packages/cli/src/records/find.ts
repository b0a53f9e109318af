import {
  type IdempotencyRecord,
  parseRecordId,
  type RecordFilter,
  type Records,
} from '@twiceproof/core';
import { exitCodes, Failure } from '../failure.ts';
import { wholeDigestMark } from '../hyphen-digest.ts';
import { countText } from '../output/count-text.ts';
import type { Progress } from '../output/progress.ts';
import { scan } from './scan.ts';

/** Where to look for records. */
export interface Place {
  readonly records: Records;
  /** Null for all environments. */
  readonly environment: string | null;
  readonly progress: Progress;
}

const shownCandidates = 10;
/** Where a list left a part of an id out. */
const cut = '…';
const digestShape = /^[\w-]{4,43}$/;

/**
 * The record of an id, of the beginning of one, of one as a list cuts it, or of the beginning of its
 * digest, which has to be looked for among all records. Ends the command where there is none, or more than one.
 */
export async function findRecord(place: Place, given: string): Promise<IdempotencyRecord> {
  const text = given.startsWith(wholeDigestMark) ? given.slice(wholeDigestMark.length) : given;
  if (parseRecordId(text)) {
    const record = await place.records.get(text);
    if (record === undefined) throw absent(text);
    return record;
  }
  const found = await candidates(place, text);
  if (found.length === 0) throw absent(text);
  if (found.length > 1) throw ambiguous(text, found);
  const record = await place.records.get(found[0]!.id);
  if (record === undefined) throw absent(found[0]!.id);
  return record;
}

function candidates(place: Place, text: string): Promise<IdempotencyRecord[]> {
  const [start, digest] = text.split(`${cut}/`);
  if (digest !== undefined) {
    const filter = { environment: null, idPrefix: start };
    return collect(place, filter, ({ id }) => parseRecordId(id)?.digest.startsWith(digest));
  }
  if (text.includes('/')) {
    return collect(place, { environment: null, idPrefix: text }, () => true);
  }
  if (!digestShape.test(text)) {
    throw new Failure(
      exitCodes.usage,
      `${text} is no record id; give one such as prod/charge-payment/0/uITmb2sT, or the first characters of its digest, at least 4, after -- where they begin with a hyphen; twiceproof list --text finds the records of a key`,
    );
  }
  const { environment } = place;
  return collect(place, { environment }, ({ id }) => parseRecordId(id)?.digest.startsWith(text));
}

async function collect(
  { records, progress }: Place,
  filter: RecordFilter,
  isWanted: (record: IdempotencyRecord) => boolean | undefined,
): Promise<IdempotencyRecord[]> {
  const found = new Map<string, IdempotencyRecord>();
  let seen = 0;
  for await (const page of scan(records, filter)) {
    seen += page.records.length;
    progress.update(`looking for the record: ${countText(seen, 'record')} seen`);
    for (const record of page.records) if (isWanted(record)) found.set(record.id, record);
    if (found.size > shownCandidates) break;
  }
  progress.end();
  return [...found.values()];
}

function absent(text: string): Failure {
  const isKey = !text.includes('/');
  const message = `there is no record ${text}: it never was, it expired, or somebody deleted it; twiceproof list ${isKey ? 'shows those that are, and with --text finds those of a key' : 'shows those that are'}`;
  return new Failure(exitCodes.notFound, message);
}

function ambiguous(text: string, found: readonly IdempotencyRecord[]): Failure {
  const shown = found.slice(0, shownCandidates);
  const lines = shown.map(({ id, status }) => `  ${id}  ${status}`);
  if (found.length > shown.length) lines.push('  …');
  const message = `${text} is the beginning of more than one record id; give more of it:`;
  return new Failure(exitCodes.notFound, message, { details: lines.join('\n') });
}
