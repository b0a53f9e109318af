import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenedSession } from '@twiceproof/console/wire';
import { answerFile, answerJson, answerRefusal } from './answer.ts';
import type { ConsoleContext } from './console-context.ts';
import type { PageFile } from './page-files.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { requestBody, textOf } from './request-body.ts';
import { actings, readings } from './routes/routes.ts';
import type { Sessions } from './sessions.ts';

export interface HandlerParts {
  readonly context: ConsoleContext;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly sessions: Sessions;
  readonly cookieName: string;
  readonly checkHost: (headers: IncomingMessage['headers'], isChange: boolean) => void;
  readonly onFault: (fault: unknown) => void;
}

/** Answers requests: files of the page to everybody on this machine, records to signed-in browsers. */
export function createRequestHandler(
  parts: HandlerParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { context, files, sessions, cookieName, checkHost, onFault } = parts;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', headers } = request;
    checkHost(headers, method !== 'GET' && method !== 'HEAD');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://console');
    const file = files.get(pathname);
    if (file && (method === 'GET' || method === 'HEAD')) return answerFile(response, file);
    if (pathname === '/api/session' && method === 'POST') return signIn(request, response);

    const reading = method === 'GET' ? readings.get(pathname) : undefined;
    const acting = method === 'POST' ? actings.get(pathname) : undefined;
    if (!reading && !acting) throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
    const session = sessions.find(headers.cookie, String(headers['x-twiceproof-csrf'] ?? ''));
    if (reading) return answerJson(response, await reading(context, searchParams, session));
    const body = await requestBody(request);
    return answerJson(response, await acting!(context, body, session));
  };

  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = textOf(await requestBody(request), 'token', 200);
    const opened = sessions.open(token);
    if (opened === undefined) {
      context.audit.note({ by: 'unknown', action: 'sign-in', outcome: 'refused' });
      throw new Refusal(
        'LINK_USED',
        'This link was used already, or is not of this console. Press Enter in the terminal in which the console runs to get another one.',
      );
    }
    const { cookie, csrf, by } = opened;
    context.audit.note({ by, action: 'sign-in', outcome: 'done' });
    const body: OpenedSession = { csrf };
    answerJson(response, body, {
      'set-cookie': `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`,
    });
  };

  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 'FAULT') onFault(error);
      answerRefusal(response, refusal);
    }
  };
}
