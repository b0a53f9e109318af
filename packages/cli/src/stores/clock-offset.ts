/** How far a server's clock is ahead of this machine's, in milliseconds. */
export async function clockOffset(askServer: () => Promise<number>): Promise<number> {
  // The first request may have to connect: what it took says nothing about the clock.
  await askServer();
  const askedAt = Date.now();
  const said = await askServer();
  return Math.round(said - (askedAt + Date.now()) / 2);
}
