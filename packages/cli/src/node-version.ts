/** The oldest Node that it runs on; the manifest says the same. */
const needed = [22, 12] as const;

/** Why it cannot run on this version of Node; undefined if it can. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
  return `this is Node ${version}, and twiceproof needs ${needed.join('.')} or newer`;
}
