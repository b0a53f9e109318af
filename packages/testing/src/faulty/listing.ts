import type { RecordPage, StoredRecord } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';

/** Faults in finding records. */
export const listingFaults: readonly FaultyStore[] = [
  {
    name: 'list cursor repeats',
    fault: 'begins a page with the last record of the page before',
    caughtBy: [
      'list: answers every record exactly once over all pages',
      'list: finds the steps of a workflow',
      'list: loses and repeats no record while others come, go and change',
    ],
    wrap: (store) => {
      const lasts = new Map<string, StoredRecord>();
      return {
        ...store,
        async list(query, options) {
          const last = query.cursor === undefined ? undefined : lasts.get(query.cursor);
          const page = await store.list(query, options);
          const [end] = page.records.slice(-1);
          if (page.cursor !== undefined && end !== undefined) lasts.set(page.cursor, end);
          return last ? { ...page, records: [last, ...page.records].slice(0, query.limit) } : page;
        },
      };
    },
  },
  {
    name: 'list cursor skips',
    fault: 'loses a record between two pages',
    caughtBy: [
      'list: answers every record exactly once over all pages',
      'list: finds the steps of a workflow',
      'list: loses and repeats no record while others come, go and change',
    ],
    wrap: (store) => ({
      ...store,
      async list(query, options) {
        const page = await store.list(query, options);
        return query.cursor === undefined ? page : { ...page, records: page.records.slice(1) };
      },
    }),
  },
  {
    name: 'list cursor is a number of records',
    fault: 'counts from the start, so that a deletion moves what comes after',
    caughtBy: ['list: loses and repeats no record while others come, go and change'],
    wrap: (store) => ({
      ...store,
      async list(query, options): Promise<RecordPage> {
        const from = Number(query.cursor ?? 0);
        const all = await store.list({ ...query, limit: 1_000, cursor: undefined }, options);
        const records = all.records.slice(from, from + query.limit);
        const next = from + query.limit;
        return next < all.records.length ? { records, cursor: String(next) } : { records };
      },
    }),
  },
  {
    name: 'list carries outcomes',
    fault: 'fills a page with the bytes of every record',
    caughtBy: ['list: answers every status, as get does but without the outcome bytes'],
    wrap: (store) => ({
      ...store,
      async list(query, options) {
        const page = await store.list(query, options);
        const whole = page.records.map((record) =>
          store.get(record.id, options).catch(() => record),
        );
        const records = await Promise.all(whole);
        return { ...page, records: records.filter((record) => record !== undefined) };
      },
    }),
  },
  {
    name: 'list ignores the limit',
    fault: 'answers one record more than was asked for',
    caughtBy: [
      'list: answers every record exactly once over all pages',
      'list: finds the steps of a workflow',
      'list: loses and repeats no record while others come, go and change',
    ],
    wrap: (store) => ({
      ...store,
      list: (query, options) =>
        store.list({ ...query, limit: Math.min(query.limit + 1, 1_000) }, options),
    }),
  },
  {
    name: 'text is a pattern',
    fault: 'takes % and _ in the text for wildcards',
    caughtBy: ['list: finds text anywhere in the key preview, in any case, taken literally'],
    wrap: (store) => ({
      ...store,
      async list({ text, ...query }, options) {
        const page = await store.list(query, options);
        if (text === undefined) return page;
        const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        const pattern = escaped.replaceAll('%', '.*').replaceAll('_', '.');
        const matches = new RegExp(pattern, 'i');
        const isMatch = ({ keyPreview }: StoredRecord) => matches.test(keyPreview ?? '');
        return { ...page, records: page.records.filter(isMatch) };
      },
    }),
  },
  {
    name: 'the id prefix ignores case',
    fault: 'finds ids that begin alike in another case',
    caughtBy: ['list: finds by the beginning of the id, taken literally'],
    wrap: (store) => ({
      ...store,
      async list({ idPrefix, ...query }, options) {
        const page = await store.list(query, options);
        const prefix = idPrefix?.toLowerCase() ?? '';
        const isMatch = ({ id }: StoredRecord) => id.toLowerCase().startsWith(prefix);
        return { ...page, records: page.records.filter(isMatch) };
      },
    }),
  },
  {
    name: 'everything in progress is stuck',
    fault: 'does not look at the lease',
    caughtBy: [
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'list: finds what is held: stuck, and never expires by itself',
      'list: finds what is stuck: in progress, with its lease over',
    ],
    wrap: (store) => ({
      ...store,
      list({ stuck, ...query }, options) {
        return store.list(stuck ? { ...query, status: 'in_progress' } : query, options);
      },
    }),
  },
  {
    name: 'everything stuck is held',
    fault: 'does not look at whether it expires',
    caughtBy: [
      'list: finds what ended as unknown, and counts it among what is stuck or held',
      'list: finds what is held: stuck, and never expires by itself',
    ],
    wrap: (store) => ({
      ...store,
      list({ held, ...query }, options) {
        return store.list(held ? { ...query, stuck: true } : query, options);
      },
    }),
  },
  {
    name: 'startedAfter is exclusive',
    fault: 'leaves out the record that started at that very time',
    caughtBy: ['list: finds by when the latest attempt started'],
    wrap: (store) => ({
      ...store,
      list({ startedAfter, ...query }, options) {
        const after = startedAfter === undefined ? undefined : startedAfter + 1;
        return store.list({ ...query, startedAfter: after }, options);
      },
    }),
  },
  {
    name: 'scope is ignored by listing',
    fault: 'shows a tenant the records of others',
    caughtBy: ['list: finds by environment, operation, run, scope and status'],
    wrap: (store) => ({
      ...store,
      list: ({ scope: _, ...query }, options) => store.list(query, options),
    }),
  },
  {
    name: 'a cursor can be used once',
    fault: 'keeps the place in memory, and moves it',
    caughtBy: [
      'list: answers every record exactly once over all pages',
      'list: answers the same page again for the same cursor',
    ],
    wrap: (store) => {
      const used = new Set<string>();
      return {
        ...store,
        async list(query, options) {
          if (query.cursor !== undefined && used.has(query.cursor)) return { records: [] };
          if (query.cursor !== undefined) used.add(query.cursor);
          return store.list(query, options);
        },
      };
    },
  },
  {
    name: 'an empty list is an error',
    fault: 'makes a fault of the store out of an answer',
    caughtBy: [
      'expiry: an expired record is not listed',
      'list: answers an empty last page when nothing matches',
      'list: finds by environment, operation, run, scope and status',
      'list: finds by when the latest attempt started',
      'list: finds text anywhere in the key preview, in any case, taken literally',
    ],
    wrap: (store) => ({
      ...store,
      async list(query, options) {
        const page = await store.list(query, options);
        if (page.records.length === 0) throw new Error('nothing found');
        return page;
      },
    }),
  },
  {
    name: 'a damaged record ends the listing',
    fault: 'leaves operators blind because of one record',
    caughtBy: ['corrupt record: does not hide the other records from a list'],
    wrap: (store) => ({
      ...store,
      async list(query, options) {
        const page = await store.list(query, options);
        for (const { id } of page.records) await store.get(id, options);
        return page;
      },
    }),
  },
  {
    name: 'stats count every scope',
    fault: 'leaves a condition out where it only counts',
    caughtBy: ['stats: counts matching records by operation and status'],
    wrap: (store) => ({
      ...store,
      stats: ({ scope: _, ...query }, options) => store.stats!(query, options),
    }),
  },
];
