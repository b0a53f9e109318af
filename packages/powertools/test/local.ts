import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** What a client of the emulator needs; any region and any credentials will do. */
export function local(endpoint: string): DynamoDBClientConfig {
  return {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
}
