/** An event of about 1 KB, as a queue would deliver it. */
export interface Payment {
  readonly paymentId: string;
  readonly customer: { readonly id: string; readonly name: string; readonly country: string };
  readonly lines: readonly {
    readonly sku: string;
    readonly title: string;
    readonly cents: number;
  }[];
}

export function paymentOf(paymentId: string): Payment {
  return {
    paymentId,
    customer: { id: 'customer-4711', name: 'Ada Lovelace', country: 'GB' },
    lines: Array.from({ length: 11 }, (_, at) => ({
      sku: `sku-${1_000 + at}`,
      title: `Notebook, squared, blue, volume ${at}`,
      cents: 1_990 + at,
    })),
  };
}

/** What charging a payment answers, about 100 bytes. */
export interface Receipt {
  readonly receiptId: string;
  readonly status: string;
  readonly cents: number;
}

export function receiptOf(paymentId: string): Receipt {
  return { receiptId: `receipt-of-${paymentId}`, status: 'captured', cents: 21_945 };
}

/** The same, as a table or a key of one's own would keep it. */
export function receiptText(paymentId: string): string {
  return `{"receiptId":"receipt-of-${paymentId}","status":"captured","cents":21945}`;
}

/** Whether that is the receipt of this payment, be it as a value or as text. */
export function isReceiptOf(paymentId: string, answer: unknown): boolean {
  if (typeof answer === 'string') return answer.includes(`"receipt-of-${paymentId}"`);
  const { receiptId, cents } = (answer ?? {}) as Partial<Receipt>;
  return receiptId === `receipt-of-${paymentId}` && cents === 21_945;
}
