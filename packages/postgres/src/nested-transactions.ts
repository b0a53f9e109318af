import { IdempotencyError } from '@twiceproof/core';
import { undoEffect } from './sql/savepoint.ts';
import { type SqlStatement, sqlStatements } from './sql-statements.ts';
import { mayControl, ownSavepoint, transactionControl } from './transaction-control.ts';

/** A statement to be sent in another's place. */
export interface MappedStatement {
  readonly text: string;
  /** To be called if it failed: what it was to do to the transaction has not happened. */
  readonly undo?: () => void;
}

/**
 * The transactions that an effect, or an ORM within it, begins inside that of its execution: each is a
 * savepoint. What would end the execution's own transaction is refused before it is sent.
 */
export class NestedTransactions {
  readonly #open: string[] = [];
  #count = 0;

  /** What is to be sent for a text; undefined if it is the text as it is. */
  mapped(text: string): readonly (() => MappedStatement)[] | undefined {
    if (!mayControl.test(text)) return undefined;
    const statements = sqlStatements(text);
    const controls = statements.map(transactionControl);
    if (controls.every((control) => control === undefined)) return undefined;
    this.#check(statements, controls);
    return statements.map((statement, at) => {
      const kind = controls[at]?.kind as 'begin' | 'commit' | 'rollback' | undefined;
      return () => (kind ? this[kind]() : { text: statement.text });
    });
  }

  begin(): MappedStatement {
    this.#count += 1;
    const name = `${ownSavepoint}nested_${this.#count}`;
    this.#open.push(name);
    return {
      text: `SAVEPOINT ${name}`,
      undo: () => {
        const at = this.#open.indexOf(name);
        if (at >= 0) this.#open.splice(at, 1);
      },
    };
  }

  commit(): MappedStatement {
    return this.#end('RELEASE SAVEPOINT');
  }

  rollback(): MappedStatement {
    return this.#end('ROLLBACK TO SAVEPOINT');
  }

  /** Undoes everything that the effect did. */
  rollbackAll(): string {
    this.#open.length = 0;
    return undoEffect;
  }

  #end(how: string): MappedStatement {
    const name = this.#open.pop();
    if (name === undefined) throw refusal([how], nothingToEnd);
    return { text: `${how} ${name}`, undo: () => this.#open.push(name) };
  }

  /** Nothing of a text is sent if one of its statements cannot be. */
  #check(statements: readonly SqlStatement[], controls: readonly Controls[]): void {
    let depth = this.#open.length;
    for (const [at, control] of controls.entries()) {
      const { words } = statements[at]!;
      if (control?.kind === 'refused') throw refusal(words, control.why);
      if (control?.kind === 'begin') depth += 1;
      else if (control) depth -= 1;
      if (depth < 0) throw refusal(words, nothingToEnd);
    }
  }
}

type Controls = ReturnType<typeof transactionControl>;

const nothingToEnd =
  'it would end the transaction of the execution, which its settlement does: leave it out, or throw an error to undo everything';

function refusal(words: readonly string[], why: string): IdempotencyError<'OPTIONS_INVALID'> {
  const what = words.slice(0, 3).join(' ').toUpperCase();
  return new IdempotencyError(
    'OPTIONS_INVALID',
    `${what} cannot be sent in the transaction of an execution: ${why}`,
  );
}
