/**
 * How much every run of CI tries. A million schedules of calls take two quiet cores two and a half minutes; beside other
 * suites, which share the cores, up to twice as long on the clock.
 */
export const ciShare = { calls: 1_000_000, races: 1_000_000 } as const;
