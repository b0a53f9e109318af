import { benchmarks } from './benchmarks/all.ts';
import { type Extent, measure } from './measure.ts';
import { tableOf } from './output/table.ts';

/** Runs one benchmark in a process of its own, where no other one has been: what calls meet shapes their code. */
const { name, tables, ...extent } = JSON.parse(process.argv[2]!) as Extent & {
  readonly name: string;
  readonly tables: boolean;
};
const benchmark = benchmarks.find((each) => each.name === name)!;
const report = await measure(benchmark, extent, (result) => {
  if (tables) process.stdout.write(`\n${tableOf(result)}`);
});
process.send!(report, () => process.disconnect());
