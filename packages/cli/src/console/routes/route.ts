import type { ConsoleContext } from '../console-context.ts';
import type { OperatorSession } from '../sessions.ts';

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
