/** Why a connection did not come about, and what to look at. */
export function whyUnreachable(error: unknown): string {
  const { lastNodeError } = error as { readonly lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return whyUnreachable(lastNodeError);
  const { code, message } = error as NodeJS.ErrnoException;
  const known = reasons[code ?? ''];
  if (known) return known;
  const word = /^[A-Z]+\b/.exec(message)?.[0] ?? '';
  const refusal =
    refusals[word] ?? 'it cannot be reached; check host and port, and whether it runs';
  return `${refusal} (${message})`;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check host and port, and whether it runs',
  ECONNRESET: 'the connection was closed; check the port, and whether it wants TLS (rediss://)',
  ENOTFOUND: 'its host has no address; check the name',
  EAI_AGAIN: 'its host has no address for now; check the name and the network',
  EHOSTUNREACH: 'its host is out of reach; check the network',
  ETIMEDOUT: 'it does not answer; check host, port, network and firewall',
};

const refusals: Readonly<Record<string, string>> = {
  WRONGPASS: 'it refuses user name or password; check those of the URL',
  NOAUTH: 'it wants a password; give it in the URL, as redis://:password@host',
  ERR: 'it refuses the connection; check user name, password, number of the database and kind of the store in the URL',
};
