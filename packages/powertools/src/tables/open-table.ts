import type { OldPlace } from '../adoption-options.ts';
import { lambdaName } from '../identity/lambda-name.ts';
import type { Language } from '../identity/old-hash.ts';
import type { OldTable } from './old-table.ts';

/** The table that the options name. What it needs is imported then: who has a Redis needs no AWS SDK. */
export async function openTable(
  { dynamodb, redis }: OldPlace,
  language: Language,
  lambda: string = lambdaName() ?? '',
): Promise<OldTable> {
  const now = (): number => nowSecondsOf(language);
  if (redis) {
    const { redisTable } = await import('./redis-table.ts');
    return redisTable(redis, language, now);
  }
  const { dynamodbTable } = await import('./dynamodb-table.ts');
  return dynamodbTable(dynamodb!, `idempotency#${lambda}`, now);
}

/** Now as the language compares it with an expiration: Python leaves out the fraction. */
export function nowSecondsOf(language: Language): number {
  const seconds = Date.now() / 1_000;
  return language === 'python' ? Math.floor(seconds) : seconds;
}
