/** Runs a script by its name, and by its text where the server does not know it, or no longer. */
export async function runScript<Answer>(
  bySha: () => Promise<Answer>,
  byText: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await bySha();
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return byText();
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
