import type { ConsoleContext } from '../console-context.ts';
import type { OperatorSession } from '../sessions.ts';
import { complete, extend, release, remove } from './change-routes.ts';
import { about, found, listed, overview, shown } from './read-routes.ts';
import { result } from './result-route.ts';

/** A GET: changes nothing, and tells nothing that is hidden until asked for. */
export type Reading<Answer> = (
  context: ConsoleContext,
  params: URLSearchParams,
  session: OperatorSession,
) => Promise<Answer>;

/** A POST. */
export type Acting<Answer> = (
  context: ConsoleContext,
  body: Record<string, unknown>,
  session: OperatorSession,
) => Promise<Answer>;

export const readings: ReadonlyMap<string, Reading<unknown>> = new Map<string, Reading<unknown>>([
  ['/api/about', about],
  ['/api/overview', overview],
  ['/api/records', listed],
  ['/api/find', found],
  ['/api/record', shown],
]);

export const actings: ReadonlyMap<string, Acting<unknown>> = new Map<string, Acting<unknown>>([
  ['/api/result', result],
  ['/api/release', release],
  ['/api/complete', complete],
  ['/api/delete', remove],
  ['/api/extend', extend],
]);
