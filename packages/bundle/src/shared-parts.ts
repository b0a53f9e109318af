import type { OutputOptions } from 'rolldown';

type Splitting = Exclude<OutputOptions['codeSplitting'], boolean | undefined>;

/**
 * Has what several parts need kept in two parts, in place of one for every set of parts that need the
 * same: one that needs no other package, so that whoever gets along with it loads none, and the rest.
 * What an entry imports is left to it.
 */
export function sharedParts(
  name: string,
  isPackage: (id: string) => boolean,
): NonNullable<Splitting['groups']> {
  return [
    {
      name: (id, modules) => {
        const importers = (each: string) => modules.getModuleInfo(each)?.importers ?? [];
        const imported = (each: string) => modules.getModuleInfo(each)?.importedIds ?? [];
        const isEntry = (each: string) => modules.getModuleInfo(each)?.isEntry === true;
        if (leadsTo(id, importers, isEntry)) return null;
        return leadsTo(id, imported, isPackage) ? `${name}-with-packages` : name;
      },
      debugName: name,
      minShareCount: 2,
    },
  ];
}

function leadsTo(
  id: string,
  next: (id: string) => readonly string[],
  isGoal: (id: string) => boolean,
  seen = new Set<string>(),
): boolean {
  if (isGoal(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return next(id).some((each) => leadsTo(each, next, isGoal, seen));
}
