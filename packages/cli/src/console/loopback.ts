/** What this machine calls itself. */
export const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** An address as a URL has it. */
export function hostName(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

export function isLoopback(host: string): boolean {
  return loopback.includes(hostName(host)) || /^127(\.\d{1,3}){3}$/.test(host);
}
