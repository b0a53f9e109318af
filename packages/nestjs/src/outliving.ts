import { StreamableFile } from '@nestjs/common';

/**
 * Keeps Nest from destroying a stream when its client hangs up: it is recorded to its end all the same.
 * What destroys it for an error, or after its end, still does.
 */
export function outliving(value: unknown): unknown {
  if (!(value instanceof StreamableFile)) return value;
  const stream = value.getStream();
  const { destroy } = stream;
  stream.destroy = (error) =>
    error || stream.readableEnded ? destroy.call(stream, error) : stream;
  return value;
}
