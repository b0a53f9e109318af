/** Whether text says nothing: it is empty, or nothing but white space. */
export function isBlank(text: string): boolean {
  return text.length === 0 || text.trim().length === 0;
}
