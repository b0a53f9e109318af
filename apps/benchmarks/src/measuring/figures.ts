export type Measure = 'wall' | 'cpu' | 'p50' | 'p99' | 'bytes' | 'requests' | 'import';

/** What can be measured, with its unit. */
export const units: Readonly<Record<Measure, string>> = {
  wall: 'µs a call',
  cpu: 'CPU µs a call',
  p50: 'p50 ms',
  p99: 'p99 ms',
  bytes: 'bytes a record',
  requests: 'requests',
  import: 'CPU ms a process',
};

/** What a sample of work came to. */
export type Figures = Readonly<Partial<Record<Measure, number>>>;
