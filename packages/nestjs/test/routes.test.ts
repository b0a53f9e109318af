import {
  type ArgumentsHost,
  BadRequestException,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Injectable,
  Module,
  type NestInterceptor,
  Param,
  ParseIntPipe,
  Post,
  RequestTimeoutException,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { memoryStore } from '@twiceproof/memory';
import { map, throwError, timeout } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  Idempotency,
  IdempotencyException,
  IdempotencyKey,
  TwiceproofModule,
} from '../src/index.ts';
import { platforms, type TestApplication } from './platforms.ts';

let runs = 0;
let gate = Promise.withResolvers<void>();
const counted = () => {
  runs += 1;
  return { run: runs };
};

const links = ['<https://shop.test/1>; rel=item', '<https://shop.test/2>; rel=item'];

@Injectable()
class AccountGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.account = request.headers['x-account'];
    return request.account !== undefined;
  }
}

@Injectable()
class Envelope implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Injectable()
class Impatient implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    if (context.switchToHttp().getRequest().headers['x-patient']) return next.handle();
    const giveUp = () => throwError(() => new RequestTimeoutException());
    return next.handle().pipe(timeout({ first: 50, with: giveUp }));
  }
}

@Catch(IdempotencyException)
class OwnFormat implements ExceptionFilter {
  catch({ problem }: IdempotencyException, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse();
    const status = reply.status(problem.status);
    const body = { error: problem.name };
    if (typeof status.json === 'function') status.json(body);
    else status.header('content-type', 'application/json').send(body);
  }
}

@Controller('charges')
@UseGuards(AccountGuard)
class ChargesController {
  @Post()
  @IdempotencyKey({ operation: 'create-charge' })
  create() {
    return counted();
  }

  @Post('of/:order')
  @IdempotencyKey()
  ofOrder(
    @Param('order', ParseIntPipe) order: number,
    @Body('amount', ParseIntPipe) amount: number,
  ) {
    return { ...counted(), order, amount };
  }

  @Post('accepted')
  @HttpCode(202)
  @Header('location', '/charges/1')
  @IdempotencyKey()
  accepted() {
    counted();
  }

  @Post('text')
  @IdempotencyKey()
  text() {
    return `run ${counted().run}`;
  }

  @Post('enveloped')
  @UseInterceptors(Envelope)
  @IdempotencyKey()
  enveloped() {
    return counted();
  }

  @Post('slow')
  @IdempotencyKey({ abandoned: 'hold' })
  @UseInterceptors(Impatient)
  slow() {
    counted();
    return new Promise(() => {});
  }

  @Post('awaited')
  @IdempotencyKey({ inProgress: 'wait' })
  @UseInterceptors(Impatient)
  async awaited() {
    counted();
    await gate.promise;
    throw new BadRequestException('no such card');
  }

  @Post('failing')
  @IdempotencyKey()
  failing() {
    counted();
    throw new BadRequestException('no such card');
  }

  @Post('itself')
  @IdempotencyKey()
  itself(@Res() reply: { status(code: number): { send(body: object): void } }) {
    reply.status(201).send(counted());
  }

  @Post('linked')
  @IdempotencyKey()
  linked(@Res() reply: { header(name: string, values: string[]): { send(body: object): void } }) {
    reply.header('link', links).send(counted());
  }

  @Post('own-format')
  @UseFilters(OwnFormat)
  @IdempotencyKey()
  ownFormat() {
    return counted();
  }

  @Post('plain')
  plain() {
    return counted();
  }
}

@Controller('orders')
@IdempotencyKey({ required: false, scope: 'public' })
class OrdersController {
  @Post()
  create() {
    return counted();
  }

  @Post('strict')
  @IdempotencyKey({ required: true })
  strict() {
    return counted();
  }

  @Get()
  list() {
    return counted();
  }
}

describe.each(Object.entries(platforms))('on %s', (_platform, start) => {
  let app: TestApplication;
  let url: string;
  beforeEach(async () => {
    @Module({
      imports: [
        TwiceproofModule.forRoot({
          environment: 'test',
          store: memoryStore(),
          http: { scope: (request: { account?: string }) => request.account },
        }),
      ],
      controllers: [ChargesController, OrdersController],
    })
    class AppModule {}
    runs = 0;
    gate = Promise.withResolvers();
    ({ app, url } = await start(AppModule));
  });
  afterEach(async () => {
    app.getHttpServer().closeAllConnections();
    await app.close();
  });

  const post = (
    path: string,
    headers: Record<string, string> = {},
    body: unknown = { amount: 10 },
  ) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': '"1"',
        'x-account': 'ada',
        ...headers,
      },
    });
  const isReplay = (response: Response) => response.headers.get('idempotent-replayed') === 'true';
  const records = async () => (await app.get(Idempotency).records.list({})).records;

  test('the scope sees what guards have found, and the route names the operation', async () => {
    await post('/charges');
    await post('/charges/of/17');
    const found = (await records()).map(({ operation, scope }) => [operation, scope]);
    expect(found.sort()).toEqual([
      ['POST /charges/of/:order', 'ada'],
      ['create-charge', 'ada'],
    ]);
  });

  test('pipes work on parameters and body as ever', async () => {
    const first = await post('/charges/of/17');
    expect([first.status, await first.json()]).toEqual([201, { run: 1, order: 17, amount: 10 }]);
    expect(isReplay(await post('/charges/of/17'))).toBe(true);
    const refused = await post('/charges/of/x', { 'idempotency-key': '2' });
    expect(refused.status).toBe(400);
    expect(isReplay(await post('/charges/of/x', { 'idempotency-key': '2' }))).toBe(false);
  });

  test('a replay has the status, the headers and the body of the first', async () => {
    for (const time of [1, 2]) {
      const response = await post('/charges/accepted');
      expect([response.status, await response.text()]).toEqual([202, '']);
      expect(response.headers.get('location')).toBe('/charges/1');
      expect(isReplay(response)).toBe(time === 2);
      const text = await post('/charges/text');
      expect([text.status, await text.text()]).toEqual([201, 'run 2']);
      expect(text.headers.get('content-type')).toContain('text/');
    }
  });

  test('other interceptors change the first answer, and a replay is as it was sent', async () => {
    for (const _time of [1, 2]) {
      expect(await (await post('/charges/enveloped')).json()).toEqual({ data: { run: 1 } });
    }
  });

  test('an exception frees the key, whatever the answer', async () => {
    for (const run of [1, 2]) {
      const response = await post('/charges/failing');
      expect([response.status, isReplay(response)]).toEqual([400, false]);
      expect(await response.json()).toMatchObject({ message: 'no such card' });
      expect(runs).toBe(run);
    }
  });

  test('a handler that nobody waits for any more may have had its effect', async () => {
    const first = await post('/charges/slow');
    expect(first.status).toBe(408);
    const again = await post('/charges/slow');
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'HELD' });
    expect(runs).toBe(1);
  });

  test('a handler whose turn comes when nobody waits for it any more is not begun', async () => {
    const first = post('/charges/awaited', { 'x-patient': '1' });
    await vi.waitFor(() => expect(runs).toBe(1), 20_000);
    expect((await post('/charges/awaited')).status).toBe(408);
    gate.resolve();
    expect((await first).status).toBe(400);
    const failed = [{ status: 'failed', attempt: 2 }];
    await vi.waitFor(async () => expect(await records()).toMatchObject(failed), 20_000);
    expect(runs).toBe(1);
  });

  test('a header of several values is replayed with all of them', async () => {
    for (const _time of [1, 2]) {
      const response = await post('/charges/linked');
      expect(response.headers.get('link')).toBe(links.join(', '));
    }
    expect(runs).toBe(1);
  });

  test('a route that answers by itself is recorded and replayed', async () => {
    for (const time of [1, 2]) {
      const response = await post('/charges/itself');
      expect([response.status, await response.json()]).toEqual([201, { run: 1 }]);
      expect(isReplay(response)).toBe(time === 2);
    }
  });

  test('a problem keeps its details through Nest’s own filter', async () => {
    await post('/charges');
    const response = await post('/charges', {}, { amount: 11 });
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      type: 'urn:twiceproof:problem:payload-mismatch',
      status: 422,
    });
  });

  test('a problem is an exception for filters of one’s own', async () => {
    const response = await post('/charges/own-format', { 'idempotency-key': '' });
    expect([response.status, await response.json()]).toEqual([400, { error: 'key-invalid' }]);
  });

  test('what a guard refuses does not reach the layer', async () => {
    const response = await fetch(`${url}/charges`, { method: 'POST' });
    expect(response.status).toBe(403);
    expect(await records()).toEqual([]);
  });

  test('a controller’s options hold for its routes, which may differ', async () => {
    const withoutKey = (path: string, method = 'POST') => fetch(`${url}${path}`, { method });
    expect((await withoutKey('/orders')).status).toBe(201);
    expect((await withoutKey('/orders/strict')).status).toBe(400);
    expect((await withoutKey('/orders', 'GET')).status).toBe(200);
    await post('/orders');
    expect(isReplay(await post('/orders'))).toBe(true);
  });

  test('routes without it are left alone', async () => {
    const response = await post('/charges/plain');
    expect(response.headers.get('idempotency-key')).toBeNull();
  });
});
