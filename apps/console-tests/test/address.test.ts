import { expect, test } from 'vitest';
import { useTestBench } from '../src/test-bench.ts';

const bench = useTestBench();

test('an address with the id of a record, as links of Jaeger have it, opens that record', async () => {
  const application = await bench.application();
  await application.execute('charge', 'p-1');
  const id = await application.execute('charge it/"&#?', 'p-2');
  const path = `?record=${encodeURIComponent(id)}`;
  const { page, record } = await bench.operator(application, { path });
  await record.getByText(id).first().waitFor();
  expect(new URL(page.url()).searchParams.get('record')).toBe(id);
});
