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
