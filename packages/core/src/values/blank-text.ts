/** Whether text says nothing: it is empty, or nothing but white space. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly all text begins with something that is seen; NaN of empty text is not it.
  if (first > 0x20 && first < 0x7f) return false;
  return text.trim().length === 0;
}
