/** A yes or no as the scripts take it. */
export function flag(isSet: boolean): string {
  return isSet ? '1' : '0';
}
