import * as logic from '@twiceproof/record-logic';

/** What becomes of a record, as the stores decide it that share this logic. A mutant changes one of them. */
export type Rules = Pick<
  typeof logic,
  'claimed' | 'completing' | 'counts' | 'extended' | 'judge' | 'releasing' | 'renewed'
>;

export const sharedRules: Rules = logic;
