import { isNativeAccelerationEnabled } from 'msgpackr/pack';
import { expect, test, vi } from 'vitest';

// msgpackr reads strings by a native add-on where that could be installed, and by JavaScript
// elsewhere. Results must come back the same from both.
vi.hoisted(() => {
  process.env.MSGPACKR_NATIVE_ACCELERATION_DISABLED = 'true';
});

import './round-trip.test.ts';

test('the native add-on of msgpackr is off', () => {
  expect(isNativeAccelerationEnabled).toBe(false);
});
