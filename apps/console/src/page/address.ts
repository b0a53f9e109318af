import { batch, computed, signal } from '@preact/signals';

/** What the address of the page says: which records, and which one of them is open. */
const names = [
  'state',
  'operation',
  'environment',
  'scope',
  'run',
  'newer',
  'older',
  'text',
  'idPrefix',
  'workflow',
] as const;

export type FilterName = (typeof names)[number];
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

export const filter = signal<Filter>({});
export const openId = signal<string | undefined>(undefined);

/** Changes whenever the filter means other records. */
export const filterText = computed(() => JSON.stringify(names.map((name) => filter.value[name])));

/** Reads the address; `environment` is where to look if it does not say. */
export function startAddress(environment: string | undefined): void {
  const read = () => {
    const params = new URLSearchParams(location.search);
    batch(() => {
      filter.value = Object.fromEntries(
        names.flatMap((name) => {
          const value = params.get(name);
          return value === null ? [] : [[name, value]];
        }),
      );
      openId.value = params.get('record') ?? undefined;
    });
  };
  read();
  if (location.search === '' && environment !== undefined) filter.value = { environment };
  window.addEventListener('popstate', read);
}

/** Looks at other records: changes some conditions, and leaves the others. */
export function narrow(changes: Partial<Record<FilterName, string | undefined>>): void {
  const next = { ...filter.value, ...changes };
  for (const name of names) if (!next[name]) delete next[name];
  filter.value = next as Filter;
  write('pushState');
}

export function openRecord(id: string, replaces = false): void {
  if (openId.value === id) return;
  const isAnother = openId.value !== undefined;
  openId.value = id;
  write(replaces || isAnother ? 'replaceState' : 'pushState');
}

export function closeRecord(): void {
  if (openId.value === undefined) return;
  openId.value = undefined;
  write('pushState');
}

function write(how: 'pushState' | 'replaceState'): void {
  const params = new URLSearchParams();
  for (const name of names) if (filter.value[name]) params.set(name, filter.value[name]);
  if (openId.value !== undefined) params.set('record', openId.value);
  const query = params.toString();
  history[how](null, '', query === '' ? location.pathname : `?${query}`);
}
