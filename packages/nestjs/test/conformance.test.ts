import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { All, Body, Controller, Module, Req, Res, StreamableFile } from '@nestjs/common';
import { memoryStore } from '@twiceproof/memory';
import { describeIdempotentHttp, idempotentHttpService } from '@twiceproof/testing/http';
import { IdempotencyKey, TwiceproofModule } from '../src/index.ts';
import { platforms } from './platforms.ts';

const service = idempotentHttpService();

type Request = IncomingMessage & { readonly raw?: IncomingMessage; readonly originalUrl: string };
type Reply = ServerResponse & {
  raw?: ServerResponse;
  header(name: string, value: unknown): void;
  status(status: number): void;
};

@Controller()
class ServiceController {
  @All('charges')
  @IdempotencyKey()
  charges(
    @Req() request: Request,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return answer(request, body, reply);
  }

  @All('optional')
  @IdempotencyKey({ required: false })
  optional(
    @Req() request: Request,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return answer(request, body, reply);
  }

  @All('waiting')
  @IdempotencyKey({ inProgress: 'wait' })
  waiting(
    @Req() request: Request,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return answer(request, body, reply);
  }

  @All('limited')
  @IdempotencyKey({ maxBodyBytes: 4_096 })
  limited(
    @Req() request: Request,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return answer(request, body, reply);
  }

  @All(['effects/:name', 'release/:name'])
  control(
    @Req() request: Request,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    return answer(request, body, reply);
  }
}

async function answer(request: Request, parsed: unknown, reply: Reply) {
  const { status, headers, body } = await service.handle({
    method: request.method ?? 'GET',
    path: request.originalUrl.split('?')[0]!,
    header: (name) => request.headers[name]?.toString(),
    body: await bytesOf(request.raw ?? request, parsed),
  });
  for (const [name, value] of Object.entries(headers)) {
    reply.header(name, typeof value === 'string' ? value : [...value]);
  }
  reply.status(status);
  if (!(body instanceof Uint8Array)) return new StreamableFile(Readable.from(body));
  return body.byteLength > 0 ? new StreamableFile(body) : undefined;
}

async function bytesOf(message: IncomingMessage, parsed: unknown): Promise<Uint8Array> {
  if (parsed instanceof Uint8Array) return parsed;
  if (typeof parsed === 'string') return Buffer.from(parsed);
  const chunks: Buffer[] = [];
  if (!message.readableEnded) for await (const chunk of message) chunks.push(chunk);
  if (chunks.length > 0 || parsed === undefined || parsed === null) return Buffer.concat(chunks);
  const text = JSON.stringify(parsed);
  return text === '{}' ? new Uint8Array() : Buffer.from(text);
}

for (const [platform, start] of Object.entries(platforms)) {
  @Module({
    imports: [
      TwiceproofModule.forRoot({
        environment: 'test',
        store: memoryStore(),
        http: { scope: (request: Request) => request.headers['x-principal']?.toString() },
      }),
    ],
    controllers: [ServiceController],
  })
  class AppModule {}

  describeIdempotentHttp(`Nest on ${platform}`, async () => {
    const { app, url } = await start(AppModule);
    return {
      url,
      async stop() {
        app.getHttpServer().closeAllConnections();
        await app.close();
      },
    };
  });
}
