/** What a call asks for. */
export interface Order {
  readonly key: string;
  /** The payload: the same key with another one is other work. */
  readonly amount: number;
}

export const keys = ['a', 'b'];
export const amounts = [1, 2];
