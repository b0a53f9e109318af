import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { kafkaClassPath } from './kafka-program.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { userEngine } from './user-engine.ts';

const run = promisify(execFile);

export interface KafkaEngine extends ServerProcess {
  /** `host:port` each. */
  readonly brokers: readonly string[];
}

export interface KafkaOptions {
  /** A server of our own, also where KAFKA_BROKERS is set; for tests that stop it. */
  readonly own?: boolean;
}

/** A Kafka: that of KAFKA_BROKERS where set, else one broker of our own that is its own controller. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaEngine> {
  const given = process.env.KAFKA_BROKERS;
  if (given && !options.own) {
    const brokers = given.split(',').map((each) => each.trim());
    const port = Number(brokers[0]!.split(':').at(-1));
    return Object.assign(userEngine('Kafka', 'KAFKA_BROKERS'), { brokers, port });
  }
  const classPath = await kafkaClassPath();
  const controller = await freePort();
  const server = await startServer({
    name: 'kafka',
    command: 'java',
    args: (_port, folder) => [
      ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath],
      ...['kafka.Kafka', join(folder, 'server.properties')],
    ],
    prepare: async (folder, port) => {
      const file = join(folder, 'server.properties');
      await writeFile(file, properties(folder, port, controller));
      const format = ['format', '-t', 'dHdpY2Vwcm9vZi1rYWZrYQ', '-c', file];
      await run('java', ['-cp', classPath, 'kafka.tools.StorageTool', ...format]);
    },
    ready: /Kafka Server started/,
    stopSignal: 'SIGTERM',
    crashSignal: 'SIGKILL',
  });
  // Adding to the object keeps `pid` the getter that it is.
  return Object.assign(server, { brokers: [`127.0.0.1:${server.port}`] });
}

function properties(folder: string, port: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(folder, 'logs')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
auto.create.topics.enable=false
`;
}
