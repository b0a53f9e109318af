import { nodeCrypto } from '@twiceproof/core/toolkit';

/**
 * The record id as telemetry shows it with `keySecret`: its digest is replaced by an HMAC, so that
 * who knows telemetry alone cannot try out keys.
 *
 * @example
 * ```ts
 * import { telemetryKey } from '@twiceproof/otel';
 *
 * // What to search for in Jaeger or Grafana:
 * telemetryKey('prod/charge-payment/0/6kGm0X8mOQH0bIVkbvVN6iCVVAPOxhgwLvrjMZ1v1d4', 'secret');
 * ```
 */
export function telemetryKey(recordId: string, keySecret: string | Uint8Array): string {
  const prefix = recordId.slice(0, recordId.lastIndexOf('/') + 1);
  return prefix + nodeCrypto().createHmac('sha256', keySecret).update(recordId).digest('base64url');
}
