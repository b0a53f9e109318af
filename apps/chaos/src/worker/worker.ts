import type { FromWorker, ToWorker } from './messages.ts';
import { goOn } from './mishap.ts';
import { answered } from './provider-client.ts';
import { shiftClock } from './shift-clock.ts';
import { reportStalls } from './stalls.ts';

const setOffset = shiftClock(Number(process.argv[2] ?? 0));
// Loaded once the clock is what it will be.
const { performer } = await import('./perform.ts');

let perform: Awaited<ReturnType<typeof performer>> | undefined;

// Without the parent nobody is left to answer to.
process.on('disconnect', () => process.exit(1));
process.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'start':
      perform = await performer(message);
      reportStalls(message.leaseMs / 3);
      send({ kind: 'ready' });
      break;
    case 'call':
      send({ kind: 'answer', call: message.call, answer: await perform!(message) });
      break;
    case 'provided':
      answered(message);
      break;
    case 'go on':
      goOn(message.call);
      break;
    case 'clock':
      setOffset(message.offsetMs);
  }
});

function send(message: FromWorker): void {
  if (process.connected) process.send!(message);
}
