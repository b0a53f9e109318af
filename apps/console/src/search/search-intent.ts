import type { Filter } from '../page/address.ts';

const wholeId = /^[^/\s]+\/[^/\s]+\/(0|[1-9]\d*)\/[\w-]{43}$/;
const idBeginning = /^[^/\s]+\/[^/\s]+\/(\d+(\/[\w-]*)?)?$/;

/** What somebody looks for who types this: a record by its id, ids by their beginning, or keys. */
export function searchIntent(typed: string): 'record' | 'ids' | 'keys' {
  const text = typed.trim();
  if (wholeId.test(text)) return 'record';
  return idBeginning.test(text) ? 'ids' : 'keys';
}

/** What the search field holds for a filter. */
export function searchedText({ text, idPrefix }: Filter): string {
  return text ?? idPrefix ?? '';
}
