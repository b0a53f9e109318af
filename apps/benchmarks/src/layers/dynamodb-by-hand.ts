import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';
import { receiptText } from './payments.ts';

/** The least that could work on DynamoDB: PutItem, then UpdateItem; a PutItem that is refused where it is known. */
export function dynamodbByHand(client: DynamoDBClient, table: string, { text }: KeyChoice): Charge {
  const put = (id: string): Promise<unknown> =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: { id: { S: id }, state: { S: 'claimed' } },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const settle = (id: string, result: string): Promise<unknown> =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #result = :result',
        ExpressionAttributeNames: { '#result': 'result' },
        ExpressionAttributeValues: { ':result': { S: result } },
      }),
    );
  return chargeThrough({
    first: (fn) => async (payment) => {
      const id = text(payment);
      await put(id);
      const receipt = await fn(payment);
      await settle(id, receiptText(payment.paymentId));
      return receipt;
    },
    replay: () => (payment) =>
      put(text(payment)).catch((error) => {
        if (error instanceof ConditionalCheckFailedException) return error.Item?.result?.S;
        throw error;
      }),
  });
}
