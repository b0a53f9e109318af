/** Cursors as somebody might make them up, knowing a real one. */
export function forgeries(cursor: string): readonly string[] {
  const texts = ['', ' ', 'nonsense', 'null', '-1', '1e9', '\0', '%00', 'x'.repeat(10_000)];
  const values = [null, 7, 'text', [], {}, [null], ['', -1, '0', []], { page: 2 }];
  return [
    ...texts,
    cursor.slice(0, -1),
    `${cursor}${cursor}`,
    ...[...values, ...mutations(decoded(cursor))].map(encoded),
  ];
}

const replacements = [null, -1, 1.5, 1e21, true, '', '\0', 'text', [], {}, [null]] as const;

/** The value with each part of it replaced or removed in turn. */
function* mutations(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    for (const changed of [...replacements, ...mutations(part)]) {
      yield Array.isArray(value)
        ? value.with(Number(name), changed)
        : { ...value, [name]: changed };
    }
    const { [name as never]: _, ...rest } = value;
    yield Array.isArray(value) ? value.slice(0, Number(name)) : rest;
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
