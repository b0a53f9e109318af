import type { Context } from 'aws-lambda';

/** The context of an invocation that has, whenever it is asked, as long as `left` says. */
export function invocation(left: number | (() => number)): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-2:123456789012:function:function',
    memoryLimitInMB: '128',
    awsRequestId: '8c0b5f5e-2d5b-4d3a-9d21-3f1a3d3c9b10',
    logGroupName: '/aws/lambda/function',
    logStreamName: '2026/01/01/[$LATEST]1',
    getRemainingTimeInMillis: typeof left === 'number' ? () => left : left,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
