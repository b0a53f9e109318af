export type EngineName = 'dynamodb' | 'mysql' | 'postgres' | 'redis' | 'sqlite';

export interface ToWorker {
  readonly call: number;
  readonly key: string;
  readonly manner: 'done' | 'hang';
}

export interface Answer {
  /** Whose function it was. */
  readonly by?: string;
  readonly key?: string;
  /** Whether what JSON has no form for came back as it was. */
  readonly whole?: boolean;
  readonly outcome?: string;
  readonly fence?: number;
  readonly attempt?: number;
  /** Of a refusal. */
  readonly code?: string | undefined;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'effect'; readonly key: string }
  | { readonly kind: 'answer'; readonly call: number; readonly answer: Answer };
