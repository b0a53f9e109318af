let second = 0;
let text = '';

/** A moment as headers have it, whose smallest unit is a second: within one, many answers have the same. */
export function httpDate(ms: number): string {
  const asked = Math.floor(ms / 1_000);
  if (asked !== second || text === '') {
    text = new Date(ms).toUTCString();
    second = asked;
  }
  return text;
}
