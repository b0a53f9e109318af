import type { Chance } from '../chance.ts';
import type { Process } from './process.ts';
import type { Send } from './protocols.ts';
import type { Time } from './time.ts';

const longestDelayMs = 40;
/** When all faults are over: a read and a write on MySQL, which a renewal may overtake, fit into a time-out even so. */
const longestCalmDelayMs = 10;
/** Of requests whose caller was refused: less than the lease that a claim among them would get. */
const longestLatenessMs = 250;

/** What the network does to a request. */
export const networkFaults = [
  ...(['request lost', 'answer lost', 'never answered'] as const),
  ...(['refused and late', 'sent twice'] as const),
];
export type NetworkFault = (typeof networkFaults)[number];

export interface Network {
  readonly time: Time;
  readonly chance: Chance;
  /** Share of requests that meet a fault. */
  readonly faultRate: () => number;
  /** Whether the store is away. */
  readonly isAway: () => boolean;
  readonly isCalm: () => boolean;
  readonly onFault: (fault: NetworkFault) => void;
  /** The process has found that its connection leads to the wrong server. */
  readonly onRefused: (process: Process) => void;
}

/** The way from one process to the server: late, sometimes not at all, sometimes twice, sometimes without
 * the answer, sometimes when its caller has long been refused. */
export function overNetwork(process: Process, network: Network): Send {
  const { time, chance } = network;
  return (step, what) =>
    new Promise((resolve, reject) => {
      const longestMs = network.isCalm() ? longestCalmDelayMs : longestDelayMs;
      const fault = chance.happens(network.faultRate()) ? chance.pick(networkFaults) : undefined;
      if (fault !== undefined) network.onFault(fault);
      const refuse = (why: string): void => process.whenRunning(() => reject(new Error(why)));
      time.schedule(chance.below(longestMs), () => {
        if (fault === 'request lost' || network.isAway()) return refuse('ECONNRESET');
        if (process.isMisdirected && what !== 'read') {
          network.onRefused(process);
          return refuse('READONLY after a failover');
        }
        if (fault === 'refused and late') {
          time.schedule(chance.below(longestLatenessMs), step);
          return refuse('ECONNRESET');
        }
        const answer = step();
        if (fault === 'sent twice') time.schedule(chance.below(longestLatenessMs), step);
        // Neither an answer nor an error: the client has to give up by itself.
        if (fault === 'never answered') return undefined;
        // Connections repeat nothing, clients do: never a claim whose answer they had.
        const isLost = fault === 'answer lost' || (fault === 'sent twice' && what === 'claim');
        time.schedule(chance.below(longestMs), () => {
          if (isLost) refuse('ECONNRESET');
          else process.whenRunning(() => resolve(answer));
        });
        return undefined;
      });
    });
}

/** Inside of one process nothing gets lost. */
export const withoutNetwork: Send = async (step) => step();
