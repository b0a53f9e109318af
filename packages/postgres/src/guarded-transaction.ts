import type { PostgresQueryable } from './client.ts';
import { NestedTransactions } from './nested-transactions.ts';
import { templateText } from './template-text.ts';

/** How the effect uses its transaction. */
export interface Activity {
  /** Why it may not be used any more; undefined while it may. */
  readonly end: () => Error | undefined;
  /** Told when a statement was sent, with what becomes of it. */
  readonly onSent: (answer: Promise<unknown>) => void;
}

type Send = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result?: unknown) => void;

/**
 * The transaction as the effect gets it: the driver's own object, on which transactions begin and end
 * as savepoints, and which refuses to work once the execution is over. Otherwise a statement that
 * comes late would run, and be kept, by itself.
 */
export function guarded(
  tx: PostgresQueryable,
  activity: Activity,
  nested: NestedTransactions = new NestedTransactions(),
): PostgresQueryable {
  const target = tx as unknown as Record<string, Send>;
  let isClosed = false;
  const end = () =>
    activity.end() ?? (isClosed ? new Error('this transaction was rolled back') : undefined);
  const one = (text: string) => target.query!.call(tx, text) as Promise<unknown>;

  /** Sends what stands for a text, statement by statement. */
  const sendMapped = async (
    mapped: NonNullable<ReturnType<NestedTransactions['mapped']>>,
    send: (text: string) => Promise<unknown>,
  ): Promise<unknown> => {
    const answers: unknown[] = [];
    for (const statement of mapped) {
      const { text, undo } = statement();
      answers.push(
        await send(text).catch((error) => {
          undo?.();
          throw error;
        }),
      );
    }
    return answers.length === 1 ? answers[0] : answers;
  };

  /** A method that takes a text, or an object with one, and gives a promise or calls back. */
  const sending =
    (name: 'query' | 'exec'): Send =>
    (...args) => {
      const callback = typeof args.at(-1) === 'function' ? (args.at(-1) as Callback) : undefined;
      const over = end();
      if (over) return failing(over, callback);
      try {
        const mapped = nested.mapped(textOf(args[0]));
        if (!mapped) return noted(activity, target[name]!.apply(tx, args), args[0]);
        const send =
          name === 'exec' ? async (text: string) => (await execAll(target, tx, text))[0] : one;
        const answer = sendMapped(mapped, send).then((result) =>
          name === 'exec' && !Array.isArray(result) ? [result] : result,
        );
        activity.onSent(answer);
        return callback ? void answer.then((result) => callback(null, result), callback) : answer;
      } catch (error) {
        return failing(error, callback);
      }
    };

  const rollback = async (undo: () => Promise<unknown>) => {
    const over = end();
    if (over) throw over;
    isClosed = true;
    await undo();
  };

  const transaction = async (run: (inner: PostgresQueryable) => Promise<unknown>) => {
    const over = end();
    if (over) throw over;
    const { text, undo } = nested.begin();
    await one(text).catch((error) => {
      undo?.();
      throw error;
    });
    let isOpen = true;
    const endWith = (how: 'commit' | 'rollback') => {
      isOpen = false;
      return sendMapped([() => nested[how]()], one);
    };
    const closed = {
      ...activity,
      end: () => (isOpen ? end() : new Error('Transaction is closed')),
    };
    const inner = new Proxy(guarded(tx, closed, nested), {
      get: (object, name) =>
        name === 'rollback' ? () => endWith('rollback') : Reflect.get(object, name, object),
    });
    let result: unknown;
    try {
      result = await run(inner);
    } catch (error) {
      if (isOpen) await endWith('rollback').catch(ignore);
      throw error;
    }
    if (!isOpen) return result;
    try {
      await endWith('commit');
    } catch (error) {
      await endWith('rollback').catch(ignore);
      throw error;
    }
    return result;
  };

  const own: Record<string, unknown> = {
    query: sending('query'),
    // ORMs give back what they were given, and go on using it.
    release: () => {},
    end: () => Promise.reject(new Error('the connection belongs to the execution')),
  };
  if (typeof target.exec === 'function') {
    Object.assign(own, {
      exec: sending('exec'),
      transaction,
      rollback: () => rollback(() => one(nested.rollbackAll())),
      sql: (strings: TemplateStringsArray, ...values: unknown[]) => {
        const over = end();
        if (over) return Promise.reject(over);
        try {
          const text = templateText(strings, values);
          if (nested.mapped(text)) return (own.query as Send)(text);
        } catch (error) {
          return Promise.reject(error);
        }
        return noted(activity, target.sql!.call(tx, strings, ...values));
      },
    });
  }
  return new Proxy(tx, {
    get(object, name) {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name];
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === 'function' && name !== 'constructor' ? value.bind(object) : value;
    },
  });
}

/** Where even that fails the transaction does, and with it the execution. */
const ignore = () => {};

async function execAll(
  target: Record<string, Send>,
  tx: PostgresQueryable,
  text: string,
): Promise<unknown[]> {
  return (await target.exec!.call(tx, text)) as unknown[];
}

function failing(error: unknown, callback: Callback | undefined): unknown {
  if (!callback) return Promise.reject(error);
  queueMicrotask(() => callback(error));
  return undefined;
}

/** The text of what `query` of `pg` takes: a text, a configuration, or something that submits itself. */
function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const text = (query as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : '';
}

interface Emitter {
  once(event: string, listener: () => void): unknown;
}

function noted(activity: Activity, answer: unknown, query?: unknown): unknown {
  if (answer instanceof Promise) activity.onSent(answer);
  else if (typeof (query as Emitter | undefined)?.once === 'function') {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const event of ['end', 'error', 'close']) (query as Emitter).once(event, resolve);
    activity.onSent(promise);
  } else activity.onSent(Promise.resolve());
  return answer;
}
