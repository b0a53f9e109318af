import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { type Application, startApplication } from './application.ts';
import { type Operator, type OperatorOptions, signIn } from './operator.ts';

/** What browser tests of one file share. */
export interface TestBench {
  browser(): Browser;
  /** An application whose console is closed after the test. */
  application: typeof startApplication;
  /** An operator who leaves after the test, in which the browser must not have complained. */
  operator(application: Application, options?: OperatorOptions): Promise<Operator>;
}

/** To be called at the top of a test file. */
export function useTestBench(): TestBench {
  let browser: Browser;
  const applications: Application[] = [];
  const operators: Operator[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(inject('chromium'));
  });
  afterEach(async () => {
    const complaints = operators.flatMap((operator) => operator.complaints);
    for (const operator of operators.splice(0)) await operator.leave();
    for (const { running } of applications.splice(0)) await running.close();
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    browser: () => browser,
    async application(options) {
      const application = await startApplication(options);
      applications.push(application);
      return application;
    },
    async operator({ running }, options) {
      const operator = await signIn(browser, running, options);
      operators.push(operator);
      return operator;
    },
  };
}
