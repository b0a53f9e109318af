/**
 * How much every run of CI tries. A million of calls would take two quiet cores more than three minutes, of the
 * twenty that all of CI may take; so many take less than one, and a million is `pnpm simulate --million`.
 */
export const ciShare = { calls: 70_000, races: 1_000_000 } as const;
