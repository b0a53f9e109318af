import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

export type TestApplication = NestExpressApplication | NestFastifyApplication;

/** Starts an application on a free port of the loopback address; `url` is where it listens. */
export type StartPlatform = (module: Type | DynamicModule) => Promise<{
  readonly app: TestApplication;
  readonly url: string;
}>;

const options = { logger: false, abortOnError: false } as const;

export const platforms: Readonly<Record<'Express' | 'Fastify', StartPlatform>> = {
  async Express(module) {
    const app = await NestFactory.create<NestExpressApplication>(module, options);
    await app.listen(0, '127.0.0.1');
    return { app, url: await app.getUrl() };
  },
  async Fastify(module) {
    const adapter = new FastifyAdapter();
    const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
    const instance = app.getHttpAdapter().getInstance();
    instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    await app.listen(0, '127.0.0.1');
    return { app, url: await app.getUrl() };
  },
};
