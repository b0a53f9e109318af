import { expect, test } from 'vitest';
import { openTelemetry } from './open-telemetry.ts';

test.each([
  ['null', null, 'openTelemetry was given null; give an object of options'],
  [
    'an unknown option',
    { keyLabels: 'off' },
    "openTelemetry has no option 'keyLabels'; did you mean 'keyLabel'",
  ],
  ['a keyLabel of nothing', { keyLabel: null }, 'keyLabel is null; give '],
  ['an unknown keyLabel', { keyLabel: 'on' }, 'keyLabel is on; give '],
  ['no keys', { keyLabel: { max: 0 } }, 'keyLabel.max is 0; give a whole number from 1 to 1500'],
  ['a part of a key', { keyLabel: { max: 1.5 } }, 'keyLabel.max is 1.5; give '],
  ['more keys than an SDK keeps', { keyLabel: { max: 2_000 } }, 'keyLabel.max is 2000; give '],
  ['a label that is text', { keyLabel: { label: 'x' } }, 'keyLabel.label is no function; give '],
  ['key parts by name', { keyParts: 'yes' }, "keyParts is 'yes'; give true or false"],
  ['store spans by number', { storeSpans: 1 }, 'storeSpans is 1; give true or false'],
  ['an empty secret', { keySecret: '' }, 'keySecret is no secret; give '],
  ['attributes as they are', { spanAttributes: {} }, 'spanAttributes is no function; give '],
])('%s is refused', (_what, options, message) => {
  expect(() => openTelemetry(options as never)).toThrow(
    expect.objectContaining({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining(message),
    }),
  );
});
