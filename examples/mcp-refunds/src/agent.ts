import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** Calls the tool until it gets an answer, in other words each time. Answers what it was told. */
export async function refundUntilAnswered(url: URL, reasons: readonly string[]): Promise<string[]> {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const requestInit = { headers: { 'x-user': 'alice' } };
  const transport = new StreamableHTTPClientTransport(url, { requestInit });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  const told: string[] = [];
  for (const reason of reasons) {
    const input = { orderId: 'o-1', amount: 42, reason };
    try {
      const call = { name: 'refund', arguments: input };
      const { content } = await client.callTool(call, undefined, { timeout: 500 });
      told.push((content as { text: string }[]).map((each) => each.text).join(' '));
    } catch (error) {
      told.push(String(error));
    }
  }
  await client.close();
  return told;
}
