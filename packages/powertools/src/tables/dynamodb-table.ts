import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { OldDynamodb } from './dynamodb-options.ts';
import { fromAttribute, toAttribute } from './dynamodb-values.ts';
import {
  namesOf,
  type OldClaim,
  type OldRecord,
  type OldTable,
  tokenAttribute,
} from './old-table.ts';

type Item = Record<string, AttributeValue>;

/** How long a request may take, with the SDK's own tries. */
const requestMs = 10_000;

/** The records that Powertools keeps in a table of DynamoDB, `partition` being the value of the
 * partition key where the ids are sort keys. `now` rounds as the language does. */
export function dynamodbTable(
  options: OldDynamodb,
  partition: string,
  nowSeconds: () => number,
): OldTable {
  const { client, table: TableName, keyAttr = 'id', sortKeyAttr } = options;
  const names = namesOf(options);
  const expressionNames = {
    '#expiry': names.expiryAttr,
    '#in_progress_expiry': names.inProgressExpiryAttr,
    '#status': names.statusAttr,
  };

  const send = (command: object): Promise<never> =>
    client.send(command as never, { abortSignal: AbortSignal.timeout(requestMs) }) as never;
  const keyOf = (id: string): Item =>
    sortKeyAttr === undefined
      ? { [keyAttr]: { S: id } }
      : { [keyAttr]: { S: options.staticPkValue ?? partition }, [sortKeyAttr]: { S: id } };
  const recordOf = (item: Item): OldRecord => ({
    id: item[sortKeyAttr ?? keyAttr]?.S ?? '',
    status: item[names.statusAttr]?.S ?? '',
    expiration: numberOf(item[names.expiryAttr]),
    inProgressExpiration: numberOf(item[names.inProgressExpiryAttr]),
    validation: item[names.validationKeyAttr]?.S,
    data: fromAttribute(item[names.dataAttr]),
  });

  /** Changes the record if it is still the claim's; answers it as it is otherwise. */
  const change = async (
    claim: OldClaim,
    expression: string,
    values: Item,
    moreNames: Record<string, string>,
    condition?: string,
  ): Promise<'changed' | Item | undefined> => {
    const input: UpdateItemCommandInput = {
      TableName,
      Key: keyOf(claim.id),
      UpdateExpression: expression,
      ConditionExpression: condition ?? '#token = :token AND #status = :inprogress',
      ExpressionAttributeNames: {
        '#token': tokenAttribute,
        '#status': names.statusAttr,
        ...moreNames,
      },
      ExpressionAttributeValues: {
        // What is not referred to is refused.
        ...(condition === undefined && {
          ':token': { S: claim.token },
          ':inprogress': { S: 'INPROGRESS' },
        }),
        ...values,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    try {
      await send(new UpdateItemCommand(input));
      return 'changed';
    } catch (error) {
      if (isRefused(error)) return error.Item;
      throw error;
    }
  };
  const lease = { '#in_progress_expiry': names.inProgressExpiryAttr };
  const setLease = 'SET #in_progress_expiry = :in_progress_expiry';

  return {
    async get(id) {
      const get = new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true });
      const { Item } = (await send(get)) as { Item?: Item };
      return Item && recordOf(Item);
    },

    async claim({ id, token, expiration, inProgressExpiration, validation }) {
      const item: Item = {
        ...keyOf(id),
        [names.expiryAttr]: { N: String(expiration) },
        [names.statusAttr]: { S: 'INPROGRESS' },
        [names.inProgressExpiryAttr]: { N: String(inProgressExpiration) },
        [tokenAttribute]: { S: token },
        ...(validation !== undefined && { [names.validationKeyAttr]: { S: validation } }),
      };
      try {
        await send(
          new PutItemCommand({
            TableName,
            Item: item,
            // Word for word what Powertools asks for.
            ConditionExpression:
              'attribute_not_exists(#id) OR #expiry < :now OR (#status = :inprogress AND attribute_exists(#in_progress_expiry) AND #in_progress_expiry < :now_in_millis)',
            ExpressionAttributeNames: { '#id': keyAttr, ...expressionNames },
            ExpressionAttributeValues: {
              ':now': { N: String(nowSeconds()) },
              ':now_in_millis': { N: String(Date.now()) },
              ':inprogress': { S: 'INPROGRESS' },
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return 'claimed';
      } catch (error) {
        if (!isRefused(error)) throw error;
        // An earlier try of the same request had landed.
        if (error.Item?.[tokenAttribute]?.S === token) return 'claimed';
        return error.Item ? recordOf(error.Item) : 'busy';
      }
    },

    async renew(claim) {
      const values = {
        ':in_progress_expiry': { N: String(claim.inProgressExpiration) },
        ':expiry': { N: String(claim.expiration) },
      };
      const more = { ...lease, '#expiry': names.expiryAttr };
      const expression = `${setLease}, #expiry = :expiry`;
      return (await change(claim, expression, values, more)) === 'changed';
    },

    async complete({ claim, expiration, data }) {
      const attribute = toAttribute(data);
      const sets = ['#expiry = :expiry', '#status = :status'];
      const values: Item = {
        ':expiry': { N: String(expiration) },
        ':status': { S: 'COMPLETED' },
      };
      const more: Record<string, string> = { '#expiry': names.expiryAttr };
      if (attribute) {
        sets.push('#response_data = :response_data');
        values[':response_data'] = attribute;
        more['#response_data'] = names.dataAttr;
      }
      const expression = `SET ${sets.join(', ')} REMOVE #token`;
      let done = await change(claim, expression, values, more);
      // Retired by the table: nobody has taken it over.
      if (done === undefined) {
        const isGone = 'attribute_not_exists(#id)';
        done = await change(claim, expression, values, { ...more, '#id': keyAttr }, isGone);
      }
      if (done === 'changed') return true;
      // An earlier try of the same request had landed: Powertools would have another expiration, or lease.
      return (
        done?.[names.statusAttr]?.S === 'COMPLETED' &&
        numberOf(done[names.expiryAttr]) === expiration &&
        JSON.stringify(done[names.dataAttr]) === JSON.stringify(attribute)
      );
    },

    async release(claim) {
      await change(claim, setLease, { ':in_progress_expiry': { N: '1' } }, lease);
    },

    async *scan() {
      let ExclusiveStartKey: Item | undefined;
      do {
        const scan = new ScanCommand({ TableName, ExclusiveStartKey });
        const page = (await send(scan)) as { Items?: Item[]; LastEvaluatedKey?: Item };
        for (const item of page.Items ?? []) {
          // Other things may be kept in the same table.
          if (names.statusAttr in item && names.expiryAttr in item) yield recordOf(item);
        }
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },
  };
}

function numberOf(attribute: AttributeValue | undefined): number | undefined {
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}

function isRefused(error: unknown): error is Error & { readonly Item?: Item } {
  return (error as Error)?.name === 'ConditionalCheckFailedException';
}
