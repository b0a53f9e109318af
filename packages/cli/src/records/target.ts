import { usage } from '../failure.ts';
import { type FilterOptions, isNarrow } from './filter-options.ts';

/** Whether a command is about all records that match; checks that it says so in one way. */
export function isAboutMatching(
  ids: readonly string[],
  options: FilterOptions & { readonly where?: boolean },
): boolean {
  if (options.where && ids.length > 0) {
    throw usage('ids and --where contradict each other; give one');
  }
  if (!options.where && isNarrow(options)) {
    throw usage('filters are for many records; give --where with them, to act on all that match');
  }
  if (!options.where && ids.length === 0) {
    throw usage('give the ids of records, or --where with filters');
  }
  return options.where === true;
}
