import { readFileSync } from 'node:fs';

const folder = new URL('../../../examples/lambda-functions/events/', import.meta.url);

/** A sample event as AWS publishes it. */
export function sampleEvent<Event>(name: string): Event {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}
