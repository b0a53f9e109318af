import type { Random } from './random.ts';

/** What S3 sends when an object was created: the event message structure 2.1. */
export interface S3Notification {
  readonly Records: readonly S3EventRecord[];
}

interface S3EventRecord {
  readonly eventVersion: '2.1';
  readonly eventSource: 'aws:s3';
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly eventName: string;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly responseElements: {
    readonly 'x-amz-request-id': string;
    readonly 'x-amz-id-2': string;
  };
  readonly s3: {
    readonly s3SchemaVersion: '1.0';
    readonly configurationId: string;
    readonly bucket: {
      readonly name: string;
      readonly ownerIdentity: { readonly principalId: string };
      readonly arn: string;
    };
    readonly object: {
      readonly key: string;
      readonly size: number;
      readonly eTag: string;
      readonly sequencer: string;
    };
  };
}

export const awsRegion = 'eu-central-1';

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The notification that one order's file was put into the bucket. */
export function s3Notification(random: Random, orderId: string, putAt: number): S3Notification {
  const bucket = 'acme-orders-inbound';
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion,
        eventTime: new Date(putAt).toISOString(),
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: `AWS:AROA${random.text(17, capitals)}:order-intake` },
        requestParameters: {
          sourceIPAddress: `10.0.${random.whole(0, 15)}.${random.whole(4, 250)}`,
        },
        responseElements: {
          'x-amz-request-id': random.text(16, capitals),
          'x-amz-id-2': `${random.text(75, base64)}=`,
        },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'order-created',
          bucket: {
            name: bucket,
            ownerIdentity: { principalId: 'A3NL1KOZZKEXAM' },
            arn: `arn:aws:s3:::${bucket}`,
          },
          object: {
            key: `orders/${orderId}.json`,
            size: random.whole(420, 2_900),
            eTag: random.text(32, '0123456789abcdef'),
            sequencer: `00${Math.floor(putAt / 1_000)
              .toString(16)
              .toUpperCase()}${random.text(8, '0123456789ABCDEF')}`,
          },
        },
      },
    ],
  };
}
