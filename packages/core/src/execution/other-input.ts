/** Whether two digests say that a workflow was started with another input. One that is not known says nothing. */
export function isOtherInput(kept: string | undefined, given: string | undefined): boolean {
  return kept !== undefined && given !== undefined && kept !== given;
}
