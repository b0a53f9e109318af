import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test("AWS's sample events of every source have their effect once, in one bundled file", async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const done = '  answers {"batchItemFailures":[]}';
  const twice = (delivery: string, effects: string[], answer = '  answers null'): string[] => [
    `${delivery}, first delivery`,
    ...effects.map((effect) => `  ${effect}`),
    answer,
    `${delivery}, second delivery`,
    answer,
  ];
  // Messages of a standard queue run side by side.
  const lines = stdout.trimEnd().split('\n');
  lines.splice(1, 2, ...lines.slice(1, 3).sort());
  expect(lines).toEqual([
    ...twice(
      'sqs gets sqs',
      [
        'message 059f36b4-87a3-44ab-83d2-661975830a7d',
        'message 2e1424d4-f796-459a-8184-9c92662be6da',
      ],
      done,
    ),
    ...twice('sqs gets sqs-fifo', ['message 11d6ee51-4cc7-4302-9e22-7cd8afdaadf5'], done),
    ...twice(
      'kinesis gets kinesis',
      ['data "Hello, this is a test."', 'data "This is only a test."'],
      done,
    ),
    ...twice(
      'dynamodbStream gets dynamodb-stream',
      ['change INSERT 111', 'change MODIFY 222', 'change REMOVE 333'],
      done,
    ),
    ...twice('sns gets sns', ['notification "Hello from SNS!"']),
    ...twice('s3 gets s3-put', ['ObjectCreated:Put of b21b84d653bb07b05b1e6b33684dc11b']),
    ...twice('s3 gets s3-delete', ['ObjectRemoved:Delete of test%2Fred+flower.jpg']),
    ...twice('eventBridge gets eventbridge', ['event of aws.ec2']),
    ...twice('eventBridge gets eventbridge-scheduled', ['event of aws.events']),
    ...twice('chained gets eventbridge', ['event of aws.ec2, attempt 1']),
  ]);
});
