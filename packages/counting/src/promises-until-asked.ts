import { countPromises } from './count-promises.ts';

/** Promises that are made until `ask` returns, and what it answers. Nobody else makes any meanwhile. */
export function promisesUntilAsked<Answer>(ask: () => Answer): {
  promises: number;
  answer: Answer;
} {
  const counted = countPromises();
  const answer = ask();
  return { promises: counted(), answer };
}
