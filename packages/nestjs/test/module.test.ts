import {
  Controller,
  type INestApplicationContext,
  Injectable,
  Module,
  Post,
  Scope,
  SetMetadata,
} from '@nestjs/common';
import { ContextIdFactory, NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { createIdempotency, currentExecution } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  Idempotency,
  IdempotencyKey,
  Idempotent,
  TwiceproofModule,
  type TwiceproofModuleOptions,
} from '../src/index.ts';
import { platforms } from './platforms.ts';

interface Refund {
  readonly id: string;
  readonly amount: number;
}

let runs = 0;
beforeEach(() => {
  runs = 0;
});

@Injectable()
class Billing {
  readonly currency = 'EUR';

  @Idempotent({ operation: 'refund', key: (refund: Refund) => refund.id })
  async refund(refund: Refund) {
    runs += 1;
    return { run: runs, refunded: refund.amount, currency: this.currency };
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestBilling extends Billing {}

@Injectable()
class Operators {
  constructor(readonly idempotency: Idempotency) {}
}

const options = (): TwiceproofModuleOptions => ({ environment: 'test', store: memoryStore() });
const quiet = { logger: false, abortOnError: false } as const;

let context: INestApplicationContext | undefined;
afterEach(() => context?.close());

async function start(...imports: readonly unknown[]) {
  @Module({ imports: imports as never, providers: [Billing, RequestBilling, Operators] })
  class AppModule {}
  context = await NestFactory.createApplicationContext(AppModule, quiet);
  return context;
}

describe('@Idempotent()', () => {
  test('executes a provider’s method once per key, on the provider', async () => {
    const app = await start(TwiceproofModule.forRoot(options()));
    const billing = app.get(Billing);
    const first = await billing.refund({ id: '1', amount: 10 });
    expect(first).toEqual({ run: 1, refunded: 10, currency: 'EUR' });
    expect(await billing.refund({ id: '1', amount: 10 })).toEqual(first);
    expect((await billing.refund({ id: '2', amount: 10 })).run).toBe(2);
    expect(billing.refund.name).toBe('refund');
  });

  test('works on providers that are made for each request', async () => {
    const app = await start(TwiceproofModule.forRoot(options()));
    for (const _time of [1, 2]) {
      const billing = await app.resolve(RequestBilling, ContextIdFactory.create());
      expect((await billing.refund({ id: '1', amount: 10 })).run).toBe(1);
    }
  });

  test('keeps two applications in one process apart', async () => {
    const one = await NestFactory.createApplicationContext(moduleOf(options()), quiet);
    const other = await NestFactory.createApplicationContext(moduleOf(options()), quiet);
    await one.get(Billing).refund({ id: '1', amount: 10 });
    await other.get(Billing).refund({ id: '1', amount: 10 });
    expect(runs).toBe(2);
    await Promise.all([one.close(), other.close()]);
  });

  test('works on an instance that Nest did not make, as long as there is one application', async () => {
    await expect(new Billing().refund({ id: '1', amount: 10 })).rejects.toThrow(
      'import TwiceproofModule',
    );
    await start(TwiceproofModule.forRoot(options()));
    await new Billing().refund({ id: '1', amount: 10 });
    await context!.get(Billing).refund({ id: '1', amount: 10 });
    expect(runs).toBe(1);
    const other = await NestFactory.createApplicationContext(moduleOf(options()), quiet);
    await expect(new Billing().refund({ id: '1', amount: 10 })).rejects.toThrow('several');
    await other.close();
    expect(runs).toBe(1);
  });

  test('does not let an application start without the module', async () => {
    await expect(start()).rejects.toThrow(/resolve dependencies/);
  });

  test('does not let an application start with an option that is wrong', async () => {
    @Injectable()
    class Wrong {
      @Idempotent({ operation: 'wrong', lease: 'soon' as never })
      async charge() {}
    }
    @Module({ imports: [TwiceproofModule.forRoot(options())], providers: [Wrong] })
    class AppModule {}
    await expect(NestFactory.createApplicationContext(AppModule, quiet)).rejects.toThrow('lease');
  });

  test('is refused on what is no method', () => {
    expect(() => {
      class Wrong {
        // @ts-expect-error: a field is no method
        @Idempotent({ operation: 'wrong' })
        charge = 1;
      }
      return Wrong;
    }).toThrow('no method');
  });

  test('keeps what other decorators have noted', () => {
    const note = 'note';
    class Noted {
      @Idempotent({ operation: 'noted' })
      @SetMetadata(note, 'kept')
      async charge() {}
    }
    expect(Reflect.getMetadata(note, Noted.prototype.charge)).toBe('kept');
  });
});

function moduleOf(given: TwiceproofModuleOptions) {
  @Module({ imports: [TwiceproofModule.forRoot(given)], providers: [Billing] })
  class AppModule {}
  return AppModule;
}

describe('TwiceproofModule', () => {
  test('is injected by its type', async () => {
    const app = await start(TwiceproofModule.forRoot(options()));
    expect(app.get(Operators).idempotency).toBe(app.get(Idempotency));
    expect((await app.get(Idempotency).records.list({})).records).toEqual([]);
  });

  test('takes options from a factory, with what that is injected', async () => {
    @Injectable()
    class Configuration {
      readonly environment = 'configured';
    }
    @Module({ providers: [Configuration], exports: [Configuration] })
    class ConfigurationModule {}
    const app = await start(
      TwiceproofModule.forRootAsync({
        imports: [ConfigurationModule],
        inject: [Configuration],
        useFactory: async ({ environment }: Configuration) => ({ ...options(), environment }),
      }),
    );
    await app.get(Billing).refund({ id: '1', amount: 10 });
    const [record] = (await app.get(Idempotency).records.list({})).records;
    expect(record!.environment).toBe('configured');
  });

  test('takes a deployment that is there already', async () => {
    const idempotency = createIdempotency({ environment: 'mine', store: memoryStore() });
    const app = await start(TwiceproofModule.forRoot({ idempotency }));
    expect(app.get(Idempotency)).toBe(idempotency);
  });

  test('can be replaced in tests', async () => {
    const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    const app = await Test.createTestingModule({ imports: [moduleOf(options())] })
      .overrideProvider(Idempotency)
      .useValue(idempotency)
      .compile();
    expect(app.get(Idempotency)).toBe(idempotency);
    await app.close();
  });

  test('names an option that is wrong when the application starts', async () => {
    const wrong = { ...options(), environment: '' };
    await expect(start(TwiceproofModule.forRoot(wrong))).rejects.toThrow('environment');
  });

  test('names a route’s option that is wrong when the application starts', async () => {
    @Controller()
    class Charges {
      @Post()
      @IdempotencyKey({ scope: 'public', maxBodyBytes: -1 })
      create() {}
    }
    @Module({ imports: [TwiceproofModule.forRoot(options())], controllers: [Charges] })
    class AppModule {}
    await expect(platforms.Express(AppModule)).rejects.toThrow('maxBodyBytes');
  });

  test('names a route without a scope when the application starts', async () => {
    @Controller()
    class Charges {
      @Post()
      @IdempotencyKey()
      create() {}
    }
    @Module({ imports: [TwiceproofModule.forRoot(options())], controllers: [Charges] })
    class AppModule {}
    await expect(platforms.Express(AppModule)).rejects.toThrow('Charges.create needs scope');
  });

  test('waits for what is running when the application shuts down, and refuses new work', async () => {
    const { promise: door, resolve: open } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let ended = false;
    @Injectable()
    class Slow {
      @Idempotent({ operation: 'slow', key: (id: string) => id })
      async charge(_id: string) {
        begin();
        await door;
        ended = true;
        return currentExecution().operation;
      }

      @Idempotent({ operation: 'quick', key: (id: number) => id })
      async quick(id: number) {
        return id;
      }
    }
    @Module({ imports: [TwiceproofModule.forRoot(options())], providers: [Slow] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, quiet);
    const slow = app.get(Slow);
    const running = slow.charge('1');
    await begun;
    let isClosed = false;
    const closing = app.close().then(() => {
      isClosed = true;
    });
    let id = 0;
    const quick = () => slow.quick(++id).catch((error) => error.code);
    await expect.poll(quick).toBe('CLOSED');
    expect([ended, isClosed]).toEqual([false, false]);
    open();
    expect(await running).toBe('slow');
    await closing;
    expect(ended).toBe(true);
  });

  test('gives up what does not end when the application shuts down', async () => {
    @Injectable()
    class Stuck {
      signal: AbortSignal | undefined;

      @Idempotent({ operation: 'stuck', key: (id: string) => id })
      async charge(_id: string) {
        this.signal = currentExecution().signal;
        await new Promise(() => {});
      }
    }
    const given = { ...options(), shutdownTimeout: 50 };
    @Module({ imports: [TwiceproofModule.forRoot(given)], providers: [Stuck] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, quiet);
    const stuck = app.get(Stuck);
    stuck.charge('1').catch(() => {});
    await expect.poll(() => stuck.signal).toBeDefined();
    await app.close();
    expect(stuck.signal!.aborted).toBe(true);
  });
});
