import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder.ts';
import { executableOnPath } from './executable-on-path.ts';
import { withFileLock } from './file-lock.ts';

const run = promisify(execFile);
const version = '4.3.0';

/** Whether a Kafka can be had here: one of KAFKA_BROKERS, or Java and Maven to run one. */
export function kafkaIsAvailable(): boolean {
  if (process.env.KAFKA_BROKERS) return true;
  return executableOnPath('java') !== undefined && executableOnPath('mvn') !== undefined;
}

/** What to do where it is not. */
export const howToHaveKafka =
  'set KAFKA_BROKERS=host:port, or put java (17 or newer) and mvn on PATH';

/** The class path of Apache Kafka, fetched with Maven into the cache folder. */
export async function kafkaClassPath(): Promise<string> {
  const folder = join(cacheFolder(), `kafka-${version}`);
  if (!existsSync(folder)) await withFileLock(`${folder}.lock`, () => fetchKafka(folder));
  return join(folder, '*');
}

async function fetchKafka(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const work = await mkdtemp(`${folder}.`);
  try {
    await writeFile(join(work, 'pom.xml'), project);
    const jars = join(work, 'jars');
    await mkdir(jars);
    await run(
      'mvn',
      [
        ...['--batch-mode', '--quiet', 'dependency:copy-dependencies'],
        ...[`-DoutputDirectory=${jars}`, '-DincludeScope=runtime'],
      ],
      { cwd: work },
    );
    await rename(jars, folder);
  } catch (cause) {
    throw new Error(`Kafka could not be fetched: ${howToHaveKafka}`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

// The second one prints what the server logs, by which it is known to serve.
const project = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>twiceproof</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
