/** When old code forgets a result, in whole seconds as it counts them. */
export function resultExpiration(nowMs: number, expiresAfterSeconds: number): number {
  return Math.round(nowMs / 1_000 + expiresAfterSeconds);
}

/** When it forgets a claim: not before its lease is over, as what has expired is taken over whatever its lease says. */
export function claimExpiration(
  nowMs: number,
  expiresAfterSeconds: number,
  leaseMs: number,
): number {
  const leaseEnd = Math.ceil((nowMs + leaseMs) / 1_000);
  return Math.max(resultExpiration(nowMs, expiresAfterSeconds), leaseEnd);
}
