import type { IncomingHttpHeaders } from 'node:http';
import { hostName, loopback } from './loopback.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses requests that another page made. A page whose name was pointed at this machine (DNS
 * rebinding) is told by its `Host`, any other by its `Origin`. The port is not looked at: the
 * console may be reached through a tunnel.
 */
export function createHostCheck(
  host: string,
  allowed: readonly string[],
): (headers: IncomingHttpHeaders, isChange: boolean) => void {
  const names = new Set(
    [...loopback, hostName(host), ...allowed].map((each) => each.toLowerCase()),
  );
  return (headers, isChange) => {
    const name = nameOf(headers.host);
    if (name === undefined || !names.has(name)) {
      const known = [...names].join(', ');
      throw new Refusal(
        'HOST_REFUSED',
        `The console does not answer to this name, only to ${known}. Start it with --allow-host to add one.`,
      );
    }
    const { origin } = headers;
    const site = headers['sec-fetch-site'];
    const isForeign =
      origin === undefined
        ? isChange || (site !== undefined && site !== 'same-origin' && site !== 'none')
        : !isSame(origin, headers.host);
    if (isForeign) {
      throw new Refusal('ORIGIN_REFUSED', 'The console answers to its own page alone.');
    }
  };
}

function isSame(origin: string, host: string | undefined): boolean {
  const at = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  return at !== undefined && host !== undefined && at.toLowerCase() === host.toLowerCase();
}

function nameOf(host: string | undefined): string | undefined {
  return /^(\[[\da-f:]+\]|[^:/@\s]+)(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}
