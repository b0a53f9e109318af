import type { HeaderList } from './plain-response.ts';

/** A name as headers and methods have them. */
export const token: RegExp = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What node:http takes, and servers of the Fetch standard as well. */
const printable = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether every server can send these headers: one that cannot throws when it is too late for another answer. */
export function isSendable(headers: HeaderList): boolean {
  return headers.every(([name, value]) => token.test(name) && printable.test(value));
}

/** Whether it is a status that ends a response. */
export function isFinalStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
}
