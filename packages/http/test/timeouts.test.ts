import { currentExecution } from '@twiceproof/core';
import timeout from 'connect-timeout';
import express, { type ErrorRequestHandler } from 'express';
import express4 from 'express4';
import { describe, expect, test } from 'vitest';
import { isReplay, testApp } from './test-app.ts';

const held = { abandoned: 'hold' } as const;

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('%s', (_version, create) => {
  const appOf = testApp(create);

  test.each([
    [503, undefined],
    // One that would be recorded, and replayed.
    [400, 400],
  ])(
    'a handler that connect’s timeout gave up on may have had its effect: %i',
    async (status, own) => {
      const current = appOf();
      const { app, counted, middleware, send, records } = current;
      // Longer than a busy machine takes until the handler begins.
      app.post('/', timeout('1s'), middleware(held), () => void counted());
      const asBad: ErrorRequestHandler = (_error, _req, res, next) =>
        own === undefined ? next(_error) : res.status(own).end();
      app.use(asBad);
      expect((await send('/')).status).toBe(status);
      const again = await send('/');
      expect([again.status, await again.json()]).toMatchObject([409, { code: 'HELD' }]);
      expect(current.runs).toBe(1);
      expect(await records()).toMatchObject([{ lastError: { message: /timeout/ } }]);
    },
  );

  test('a handler that answers all the same when its time is over is recorded', async () => {
    const current = appOf();
    const { app, counted, middleware, send } = current;
    app.post('/', timeout('1ms', { respond: false }), middleware(held), async (req, res) => {
      while (!req.timedout) await new Promise(setImmediate);
      res.status(201).json(counted());
    });
    expect((await send('/')).status).toBe(201);
    const again = await send('/');
    expect([again.status, isReplay(again), current.runs]).toEqual([201, true, 1]);
  });

  test('a timer of the team’s own says that nobody knows', async () => {
    const current = appOf();
    const { app, counted, middleware, send } = current;
    app.post('/', middleware(held), (_req, res) => {
      counted();
      const { declareUnknown } = currentExecution();
      setTimeout(() => {
        declareUnknown(new Error('it took too long'));
        res.status(503).end();
      }, 20);
    });
    expect((await send('/')).status).toBe(503);
    expect((await send('/')).status).toBe(409);
    expect(current.runs).toBe(1);
  });
});
