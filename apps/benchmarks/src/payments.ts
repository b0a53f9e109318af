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

/** What charging it answers, about 100 bytes. */
export const receipt: {
  readonly receiptId: string;
  readonly status: string;
  readonly cents: number;
  readonly at: string;
} = {
  receiptId: 'receipt-0f8fad5b-d9cb-469f',
  status: 'captured',
  cents: 21_945,
  at: '2026-01-01T12:00:00.000Z',
};
