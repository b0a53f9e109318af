import type { IdempotencyError } from '@twiceproof/core';
import { checkCount, checkNames, checkSwitch, invalidOption } from '@twiceproof/core/toolkit';
import type { PowertoolsOptions } from './adoption-options.ts';
import { checkHashFunction } from './identity/old-hash.ts';
import { oldPrefix } from './identity/old-prefix.ts';

const names: readonly (keyof Required<PowertoolsOptions>)[] = [
  'dynamodb',
  'redis',
  'language',
  'lambda',
  'function',
  'keyPrefix',
  'key',
  'validation',
  'jmesPathFunctions',
  'hashFunction',
  'belongsTo',
  'alongside',
  'expiresAfterSeconds',
];

/** Throws `OPTIONS_INVALID` naming the first option that is wrong or missing. */
export function checkAdoptionOptions<Args extends readonly unknown[]>(
  options: PowertoolsOptions<Args>,
): void {
  checkNames(options, names, 'powertools');
  const { dynamodb, redis, language, hashFunction = 'md5' } = options;
  if ((dynamodb === undefined) === (redis === undefined)) {
    throw invalid('give either dynamodb: { client, table } or redis: { client }');
  }
  if (dynamodb && (typeof dynamodb.client?.send !== 'function' || !dynamodb.table)) {
    throw invalid('dynamodb is not { client, table }; give a DynamoDBClient and the old table');
  }
  if (dynamodb?.sortKeyAttr !== undefined && dynamodb.sortKeyAttr === (dynamodb.keyAttr ?? 'id')) {
    throw invalid('dynamodb.keyAttr and dynamodb.sortKeyAttr are the same; give two names');
  }
  if (language !== 'typescript' && language !== 'python') {
    throw invalid(
      "language is neither 'typescript' nor 'python'; give the one that wrote the records",
    );
  }
  checkHashFunction(language, hashFunction);
  oldPrefix(options);
  checkOwner(options);
  for (const name of ['key', 'validation'] as const) {
    if (['undefined', 'string', 'function'].includes(typeof options[name])) continue;
    throw invalid(`${name} is neither an expression nor a function of the arguments`);
  }
  const { alongside = false, expiresAfterSeconds = 3_600 } = options;
  checkSwitch(alongside, 'powertools: alongside');
  checkCount(expiresAfterSeconds, 'powertools: expiresAfterSeconds');
}

function checkOwner<Args extends readonly unknown[]>(options: PowertoolsOptions<Args>): void {
  const { language, keyPrefix = '', belongsTo } = options;
  const isShared = language === 'typescript' && keyPrefix.trim() === '';
  if (isShared && belongsTo === undefined) {
    throw invalid(
      "belongsTo is missing: ids of Powertools for TypeScript say the Lambda and not the function, so a record may be another function's; name the operation that they belong to, or give a function that answers it for each",
    );
  }
  if (!isShared && belongsTo !== undefined) {
    throw invalid(
      'belongsTo is for TypeScript without a keyPrefix; the other ids say whose they are',
    );
  }
  if (['undefined', 'string', 'function'].includes(typeof belongsTo)) return;
  throw invalid('belongsTo is neither the name of an operation nor a function that answers one');
}

function invalid(message: string): IdempotencyError {
  return invalidOption(`powertools: ${message}`);
}
