import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a version of a store has left behind, as it is in a file. */
export interface Kept {
  /** What made the tables, for stores that have some. */
  readonly tables?: readonly string[];
  /** A value, an item or a row each. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** What that version read of it, by the names of the lives. */
  readonly read: Readonly<Record<string, unknown>>;
}

const folderOf = (store: string) =>
  fileURLToPath(new URL(`../../../../packages/${store}/test/formats/`, import.meta.url));

/** The names of a store's files: the number of a format, or the day on which one ended that was never released. */
export function formatsOf(store: string): string[] {
  return readdirSync(folderOf(store))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

export function kept(store: string, format: string): Kept {
  return JSON.parse(readFileSync(`${folderOf(store)}${format}.json`, 'utf8')) as Kept;
}

/** The order of the parts of a JSON text is no part of a format. */
function inOrder(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const parts = Object.entries(JSON.parse(text) as object);
  return JSON.stringify(Object.fromEntries(parts.sort(([one], [other]) => (one < other ? -1 : 1))));
}

/** Without what is another one each time: times, durations, fences and numbers of changes. */
export function shapeOf(rows: Kept['rows']): string[] {
  return rows
    .map((row) =>
      JSON.stringify({ ...row, record: inOrder(row.record) })
        .replaceAll(/\d{13,16}/g, '<time>')
        .replaceAll(/(?<="ttlAt":\{"N":")\d{10}/g, '<time>')
        .replaceAll(/(?<="cl":\{"S":"\[\d+,\d+,)[1-9]\d*/g, '<duration>')
        .replaceAll(/(?<="(?:seq|rev)":|\\"fence\\":)"?\d+"?/g, '<number>')
        .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<edit>')
        .replaceAll(/(?<=token-of-[a-z-]+);?\d*(?=;|\|)/g, '<duration>'),
    )
    .sort();
}
