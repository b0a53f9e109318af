import { hash } from 'node:crypto';
import type { Payment } from './payments.ts';

/** What identifies a payment: its id, or all of it. */
export interface KeyChoice {
  readonly name: string;
  /** Path of the key in an event; undefined for all of it. */
  readonly path: string | undefined;
  /** The same as text, for whatever takes no more than that. */
  readonly text: (payment: Payment) => string;
}

export const byId: KeyChoice = {
  name: 'key = id',
  path: 'paymentId',
  text: ({ paymentId }) => paymentId,
};

export const byEvent: KeyChoice = {
  name: 'key = event of 1 KB',
  path: undefined,
  text: (payment) => hash('sha256', JSON.stringify(payment), 'base64url'),
};
