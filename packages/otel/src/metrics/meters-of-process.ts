import { createNoopMeter, type MeterProvider, metrics } from '@opentelemetry/api';
import { schemaUrl, scopeName } from '../names.ts';
import { unobserved } from '../observed.ts';
import { version } from '../version.ts';
import { Meters } from './meters.ts';

// An observable instrument has one value per series, whoever asks. So all instances of a process
// count together, those of a second copy of this package included.
const slot: unique symbol = Symbol.for(`${scopeName}@${version}`) as never;
const registry: { [slot]?: WeakMap<MeterProvider, Meters | undefined> } = globalThis as never;

/**
 * Where this process counts for now; undefined as long as nobody collects. Looked up for each call:
 * a meter that was taken before the SDK started would count for nobody, for ever.
 */
export function metersLookup(given: MeterProvider | undefined): () => Meters | undefined {
  let provider: MeterProvider | undefined;
  let meters: Meters | undefined;
  return () => {
    const current = given ?? metrics.getMeterProvider();
    if (current !== provider) {
      provider = current;
      try {
        meters = metersOf(current);
      } catch (error) {
        // One that cannot be counted with leaves the spans alone, and is not asked again.
        meters = undefined;
        unobserved(error);
      }
    }
    return meters;
  };
}

function metersOf(provider: MeterProvider): Meters | undefined {
  registry[slot] ??= new WeakMap();
  const known = registry[slot];
  if (!known.has(provider)) {
    const meter = provider.getMeter(scopeName, version, { schemaUrl });
    known.set(provider, meter === createNoopMeter() ? undefined : new Meters(meter));
  }
  return known.get(provider);
}
