/**
 * How much every run of CI tries. A million of calls would take two quiet cores about three minutes, of the twenty
 * that all of CI may take; so many take half a minute of one, and a million is `pnpm simulate --million`.
 */
export const ciShare = { calls: 90_000, races: 1_000_000 } as const;
