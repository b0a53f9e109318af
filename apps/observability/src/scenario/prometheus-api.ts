export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, value: string];
}

/** Asks a Prometheus. An error of the query is thrown with its text. */
export async function ask(url: string, path: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams({ query })}`);
  const answer = (await response.json()) as { status: string; data: unknown; error?: string };
  if (answer.status !== 'success') throw new Error(`${answer.error} in ${query}`);
  return answer.data;
}

/** The samples of an instant query, as far as they are numbers. */
export async function samples(url: string, query: string): Promise<Sample[]> {
  const { result } = (await ask(url, 'query', query)) as { result: Sample[] };
  return result.filter(({ value }) => Number.isFinite(Number(value[1])));
}

export interface Line {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** The lines of a query over time, by seconds since the epoch. */
export async function lines(
  url: string,
  query: string,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Promise<Line[]> {
  const range = { start: String(start), end: String(end), step: String(step) };
  const parameters = new URLSearchParams({ query, ...range });
  const response = await fetch(`${url}/api/v1/query_range?${parameters}`);
  const answer = (await response.json()) as { data?: { result: Line[] }; error?: string };
  if (!answer.data) throw new Error(`${answer.error} in ${query}`);
  return answer.data.result;
}
