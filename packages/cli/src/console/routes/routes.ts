import { counted, progress, start, stop } from './bulk-routes.ts';
import { complete, extend, release, remove } from './change-routes.ts';
import { about, found, listed, overview, shown } from './read-routes.ts';
import { result } from './result-route.ts';
import type { Acting, Reading } from './route.ts';

export const readings: ReadonlyMap<string, Reading<unknown>> = new Map<string, Reading<unknown>>([
  ['/api/about', about],
  ['/api/overview', overview],
  ['/api/records', listed],
  ['/api/find', found],
  ['/api/record', shown],
  ['/api/bulk', progress],
  ['/api/bulk/count', counted],
]);

export const actings: ReadonlyMap<string, Acting<unknown>> = new Map<string, Acting<unknown>>([
  ['/api/result', result],
  ['/api/release', release],
  ['/api/complete', complete],
  ['/api/delete', remove],
  ['/api/extend', extend],
  ['/api/bulk/start', start],
  ['/api/bulk/stop', stop],
]);
