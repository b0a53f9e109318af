import type { Terminal } from '../terminal.ts';
import { type Paint, paintOf } from './paint.ts';
import type { Column } from './table.ts';
import { visibleJson } from './visible-text.ts';

/** How a command says something: data on stdout, everything else on stderr. */
export interface Screen {
  /** One JSON document instead of text. */
  readonly isJson: boolean;
  readonly paint: Paint;
  /** Columns of the terminal; undefined where stdout is none, and nothing is cut. */
  readonly width: number | undefined;
  print(text: string): void;
  printJson(value: unknown): void;
  printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Promise<void>;
  /** A line beside the data. */
  note(text: string): void;
}

export interface ScreenOptions {
  readonly json?: boolean | undefined;
  readonly color?: 'auto' | 'always' | 'never' | false | undefined;
}

export function screenOf(
  { stdout, stderr }: Terminal,
  { json = false, color = 'auto' }: ScreenOptions,
): Screen {
  const isWanted = (stream: Terminal['stdout']) =>
    color === 'auto' ? stream.isTTY === true && stream.hasColors?.() === true : color === 'always';
  const paint = paintOf(isWanted(stdout));
  const paintNote = paintOf(isWanted(stderr));
  const width = stdout.isTTY ? (stdout.columns ?? 80) : undefined;
  const print = (text: string) => stdout.write(`${text}\n`);
  return {
    isJson: json,
    paint,
    width,
    print,
    printJson: (value) => print(visibleJson(JSON.stringify(value, nullForAbsent, 2))),
    async printTable(columns, rows) {
      const { renderTable } = await import('./table.ts');
      print(renderTable(columns, rows, width, paint));
    },
    note: (text) => stderr.write(`${paintNote('dim', text)}\n`),
  };
}

/** Field names are the same in every document: what is absent is null. */
function nullForAbsent(_name: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
