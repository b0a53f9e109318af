import { BodyRefused } from '../gate/incoming.ts';
import { invalidOption } from '../gate/invalid-option.ts';

/** The bytes of a request's body, which stays there for the handler to read. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  if (request.bodyUsed) {
    throw invalidOption(
      'the request body was read before the idempotency layer could see it; put the layer before what reads it, hand it request.clone(), or give fingerprint',
    );
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.clone().body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks);
      bytes += value.byteLength;
      if (bytes > limit) throw new BodyRefused('body-too-large');
      chunks.push(value);
    }
  } catch (error) {
    // Neither branch is read any further.
    reader.cancel().catch(() => {});
    request.body.cancel().catch(() => {});
    throw error instanceof BodyRefused ? error : new BodyRefused('body-invalid');
  }
}
