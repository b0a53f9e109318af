import { expect, test } from 'vitest';
import { helpOn, readArguments, UsageError } from './arguments.ts';
import { benchmarks } from './benchmarks/all.ts';

const read = (...args: string[]) => readArguments(args, benchmarks);

test('without a name, all benchmarks run that do not take minutes; those as well, where they are asked for', () => {
  const all = benchmarks.map(({ name }) => name);
  expect(read().names).toEqual(all.filter((name) => name !== 'growth'));
  expect(read('--growth').names).toEqual(all);
  expect(read('growth').names).toEqual(['growth']);
});

test('the help names every benchmark', () => {
  for (const { name } of benchmarks) expect(helpOn(benchmarks)).toContain(`\n  ${name} `);
});

test.each([
  [['nonsense'], "there is no benchmark 'nonsense'; there are instrumentation, memory, in-process"],
  [['--rounds', '0'], "--rounds is '0'; give a whole number from 1 up"],
  [['--runs', 'many'], "--runs is 'many'; give a whole number from 1 up"],
  [['--quick', '--save'], '--quick measures nothing that could be saved'],
  [['--nonsense'], "'--nonsense'"],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(UsageError);
  expect(() => read(...args)).toThrow(message);
});
