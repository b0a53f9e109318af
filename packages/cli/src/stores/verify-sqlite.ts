interface Report {
  readonly problems: readonly { readonly code: string; readonly message: string }[];
  readonly clockOffsetMs: number;
}

/** Looks for damage in the file, and whether its readers and writers wait for each other. */
export async function verifySqlite(path: string): Promise<Report> {
  const { DatabaseSync } = await import('node:sqlite');
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    const ask = (pragma: string) => Object.values(file.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
    const problems = [];
    const found = String(ask('quick_check(1)'));
    if (found !== 'ok') {
      const message = `SQLite finds damage: ${found}; restore the file from a backup`;
      problems.push({ code: 'FILE_DAMAGED', message });
    }
    const mode = String(ask('journal_mode'));
    if (mode !== 'wal') {
      const message = `its journal_mode is '${mode}', so that readers wait for writers; set it with PRAGMA journal_mode = WAL`;
      problems.push({ code: 'NOT_WAL', message });
    }
    // The clock is the machine's, and a file is on it.
    return { problems, clockOffsetMs: 0 };
  } finally {
    file.close();
  }
}
