import { join } from 'node:path';
import { prepareRabbitmq } from './rabbitmq-folder.ts';
import { rabbitmqProgram } from './rabbitmq-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

export interface RabbitmqEngine extends ServerProcess {
  /** `amqp://host:port` */
  readonly url: string;
}

export interface RabbitmqOptions {
  /** A server of our own, also where RABBITMQ_URL is set; for tests that stop it. */
  readonly own?: boolean;
}

/** One RabbitMQ: that of RABBITMQ_URL where set, else one of our own. */
export async function startRabbitmq(options: RabbitmqOptions = {}): Promise<RabbitmqEngine> {
  const given = process.env.RABBITMQ_URL;
  if (given && !options.own) {
    const { port } = new URL(given);
    return Object.assign(userEngine('RabbitMQ', 'RABBITMQ_URL'), {
      url: given,
      port: Number(port || 5672),
    });
  }
  const program = await rabbitmqProgram();
  const server = await startServer({
    name: 'rabbitmq',
    command: 'sh',
    args: (_port, folder) => [join(folder, 'start')],
    prepare: (folder, port) => prepareRabbitmq(program, folder, port),
    ready: /Server startup complete/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { url: `amqp://127.0.0.1:${server.port}` });
}
