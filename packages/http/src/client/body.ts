/** Whether a body is gone once it was sent: a stream, or anything else that is read by iterating over it. */
export function isReadOnce(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  if (body instanceof FormData || body instanceof URLSearchParams) return false;
  if (body instanceof ReadableStream || Symbol.asyncIterator in body) return true;
  return Symbol.iterator in body && !ArrayBuffer.isView(body);
}
