import { howToHavePython, type Python, pythonWith } from '@twiceproof/engines';

export type Language = 'typescript' | 'python';

/** Powertools for Python, and what it needs for its tables. */
export function powertoolsForPython(): Promise<Python> {
  return pythonWith('powertools-3.37.0', [
    ...['aws-lambda-powertools==3.37.0', 'boto3==1.44.8', 'redis==8.1.0'],
  ]);
}

const hasPython = await powertoolsForPython().then(
  () => true,
  (error: unknown) => {
    // Where everything has to be tested, a missing Python is a failure.
    if (process.env.CI) throw error;
    return false;
  },
);

/** The languages whose Powertools can be run here. */
export const languages: readonly Language[] = hasPython ? ['typescript', 'python'] : ['typescript'];

/** Says in the last lines of a run that Python was not tried, and how to try it. */
export function teardown(): void {
  if (hasPython) return;
  console.log(
    `\nPowertools for Python was not tried: ${howToHavePython}, and run the tests again.`,
  );
}
