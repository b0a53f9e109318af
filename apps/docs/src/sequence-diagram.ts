/**
 * A sequence diagram of Mermaid's as HTML: a grid whose columns are the participants and whose rows are the messages.
 * It wraps on a narrow screen, follows the colours of the page, and reads as text.
 */
export function sequenceDiagram(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  const steps = lines.filter((line) => line !== '' && line !== 'sequenceDiagram').map(step);
  const names = [...new Set(steps.flatMap((each) => each.between))];
  const column = (name: string) => 2 * (names.indexOf(name) + 1);
  const heads = names.map(
    (name) => `<b style="grid-column: ${column(name) - 1} / span 2">${escaped(name)}</b>`,
  );
  const rows = steps.map(({ kind, between, text }, index) => {
    const columns = between.map(column);
    const [first, last] = [Math.min(...columns), Math.max(...columns)];
    const isMessage = kind.startsWith('message');
    const left = isMessage && columns[0] === last ? ' left' : '';
    // A message reaches from line to line, a note over the columns of both, and a case over everything.
    const [from, to] = isMessage ? [first, last] : [first - 1, last + 1];
    const place = between.length === 0 ? '1 / -1' : `${from} / ${to}`;
    const told = isMessage ? `${between.join(' to ')}: ` : '';
    return `<p class="${kind}${left}" style="grid-column: ${place}; grid-row: ${index + 2}"><span class="visually-hidden">${escaped(told)}</span><span>${escaped(text)}</span></p>`;
  });
  return `<div class="sequence" style="--participants: ${names.length}">${heads.join('')}${rows.join('')}</div>`;
}

interface Step {
  readonly kind: string;
  readonly between: readonly string[];
  readonly text: string;
}

function step(line: string): Step {
  const [, from, arrow, to, said] = /^(\w+)(--?(?:>>|x))(\w+): (.+)$/.exec(line) ?? [];
  if (from !== undefined && to !== undefined) {
    const dashed = arrow?.startsWith('--') ? ' answer' : '';
    const lost = arrow?.endsWith('x') ? ' lost' : '';
    return { kind: `message${dashed}${lost}`, between: [from, to], text: said ?? '' };
  }
  const [, over, note] = /^Note over ([\w,]+): (.+)$/.exec(line) ?? [];
  if (over !== undefined) return { kind: 'note', between: over.split(','), text: note ?? '' };
  const [, word, condition = ''] = /^(alt|else|end)\b ?(.*)$/.exec(line) ?? [];
  if (word === 'end') return { kind: 'end', between: [], text: '' };
  if (word !== undefined) {
    const text = word === 'alt' ? `If ${condition}:` : `Or if ${condition}:`;
    return { kind: 'case', between: [], text: text.replace('If unless', 'Unless') };
  }
  throw new Error(`no line of a sequence diagram that is known here: ${line}`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
