import { expect, test } from 'vitest';
import { telemetryKey } from './telemetry-key.ts';

const id = 'prod/charge-payment/0/6kGm0X8mOQH0bIVkbvVN6iCVVAPOxhgwLvrjMZ1v1d4';

test('a key under a secret names environment, operation and run, and nothing else of the id', () => {
  const key = telemetryKey(id, 'secret');
  expect(key).toMatch(/^prod\/charge-payment\/0\/[\w-]{43}$/);
  expect(key).not.toBe(id);
  expect(telemetryKey(id, 'secret')).toBe(key);
  expect(telemetryKey(id, new TextEncoder().encode('secret'))).toBe(key);
});

test('another secret or another id gives another key', () => {
  const key = telemetryKey(id, 'secret');
  expect(telemetryKey(id, 'another secret')).not.toBe(key);
  expect(telemetryKey(`${id}x`, 'secret')).not.toBe(key);
});
