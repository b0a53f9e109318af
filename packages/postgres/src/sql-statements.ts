/** One statement of a text, and the words that it begins with: what tells a statement's kind. */
export interface SqlStatement {
  readonly text: string;
  /** In lower case; a quoted name without its quotes; punctuation left out. */
  readonly words: readonly string[];
}

const mostWords = 16;
const piece =
  /(?<blank>\s+|--[^\n]*)|(?<comment>\/\*)|(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*'?)|(?<text>'(?:[^']|'')*'?)|(?<name>"(?:[^"]|"")*"?)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<end>;)|(?<other>\$\d+|[\s\S])/gy;

/** Splits a text at its semicolons, but for those in quotes, comments and bodies of functions. */
export function sqlStatements(text: string): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  let from = 0;
  let words: string[] = [];
  let previous = '';
  /** How deep in `BEGIN ATOMIC … END`, where semicolons end nothing. */
  let depth = 0;
  const end = (at: number) => {
    if (words.length > 0) statements.push({ text: text.slice(from, at), words });
    words = [];
    previous = '';
  };
  for (let at = 0; at < text.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const { comment, dollar, name, word, end: semicolon } = piece.exec(text)!.groups!;
    if (comment) piece.lastIndex = endOfComment(text, at);
    if (dollar) piece.lastIndex = endOf(text, dollar, piece.lastIndex);
    const seen = word?.toLowerCase() ?? name?.slice(1, -1).replaceAll('""', '"');
    if (seen !== undefined && words.length < mostWords) words.push(seen);
    if (word) {
      depth = deeper(depth, previous, seen!);
      previous = seen!;
    }
    if (semicolon && depth === 0) {
      end(at);
      from = at + 1;
    }
  }
  end(text.length);
  return statements;
}

function deeper(depth: number, previous: string, word: string): number {
  if (previous === 'begin' && word === 'atomic') return depth + 1;
  if (depth > 0 && word === 'case') return depth + 1;
  return depth > 0 && word === 'end' ? depth - 1 : depth;
}

/** Comments in C style may be nested. */
function endOfComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}
