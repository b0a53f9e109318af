/** What makes the id of a record, in workers and where they are watched. */
export const keyed = {
  environment: 'chaos',
  operation: 'perform',
  key: ({ key }: { readonly key: string }): string => key,
} as const;
