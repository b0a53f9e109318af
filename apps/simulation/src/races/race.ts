import { recordVersion, type StoredRecord } from '@twiceproof/core';
import { Chance } from '../chance.ts';
import type { InvariantName } from '../checkers/invariants.ts';
import { LogicTable } from '../world/logic-table.ts';
import type { Request } from '../world/record-table.ts';
import { Caller, claimOf, leaseMs } from './caller.ts';
import { wrongReplay, wrongStart } from './caller-checks.ts';
import type { Ask, Message } from './message.ts';
import {
  stillCounts,
  wrongClaim,
  wrongRenewal,
  wrongSettlement,
  wrongUnknown,
} from './record-checks.ts';
import type { RecordMutant } from './record-mutants.ts';

/** Hands over what the server said, when it arrives. */
type Reply = () => void;

export interface RaceViolation {
  readonly invariant: InvariantName;
  readonly text: string;
  readonly at: number;
}

const mostMessages = 12;
const steps = 40;

/** How many steps a race has. */
export const raceSteps: number = steps;

/**
 * A few callers and an operator who want one record, in no order at all: in each step chance decides
 * whose request lands, whose answer arrives, who goes on, who dies, and how late it is by now. Nothing of
 * it waits for anything. What decides about the record is the logic of the stores.
 */
export class Race {
  readonly #seed: number;
  readonly #chance: Chance;
  readonly #table: LogicTable;
  readonly #callers: Caller[] = [];
  readonly #wire: Message[] = [];
  readonly #replies: Reply[] = [];
  readonly #setting: Parameters<typeof claimOf>[1];
  readonly #by = { now: 0, skewMs: 0, marginMs: 0 } satisfies Request;
  #lastFence = 0;
  violation: RaceViolation | undefined;
  readonly trace: string[] | undefined;

  constructor(seed: number, mutant?: RecordMutant, isTraced = false) {
    this.#seed = seed;
    const chance = new Chance(seed);
    this.#chance = chance;
    this.trace = isTraced ? [] : undefined;
    this.#table = new LogicTable(mutant?.rules);
    mutant?.table?.(this.#table);
    const hasFingerprint = chance.happens(0.3);
    this.#setting = {
      abandoned: chance.happens(0.5) ? 'reexecute' : 'hold',
      retentionMs: chance.happens(0.5) ? 200 + chance.below(600) : null,
      fingerprint: hasFingerprint ? 'one' : undefined,
    };
    for (let count = 2 + chance.below(3); count > 0; count--) {
      const isOther = hasFingerprint && chance.happens(0.3);
      this.#join({ ...this.#setting, ...(isOther && { fingerprint: 'other' }) });
    }
  }

  /** Runs it, or only these of its steps. */
  run(kept?: readonly number[]): RaceViolation | undefined {
    for (let step = 0; step < steps && !this.violation; step++) {
      if (kept && !kept.includes(step)) continue;
      // Each step has a chance of its own, so that any of them can be left out.
      this.#chance.restart(this.#seed, step + 1);
      this.#step();
    }
    if (!this.violation) this.#end();
    return this.violation;
  }

  #step(): void {
    const chance = this.#chance;
    const what = chance.below(20);
    if (what < 7) this.#land();
    else if (what < 12) this.#arrive();
    else if (what < 16) this.#act(chance.pick(this.#callers));
    else if (what < 18) this.#wait(chance.pick([1, 20, 90, 350]));
    else if (what === 18) this.#operate();
    else if (chance.happens(0.3)) this.#die(chance.pick(this.#callers));
    else this.#act(chance.pick(this.#callers));
  }

  #join(setting: Parameters<typeof claimOf>[1]): Caller {
    const caller = new Caller(claimOf(this.#callers.length, setting), this.#callers.length);
    this.#callers.push(caller);
    this.#send(caller, 'claim');
    return caller;
  }

  #wait(ms: number): void {
    this.#by.now += ms;
  }

  #die(caller: Caller): void {
    this.#note(() => `${caller.claim.token} dies`);
    caller.isDead = true;
  }

  #send(caller: Caller, ask: Ask): void {
    if (this.#wire.length < mostMessages) {
      this.#wire.push({ caller, ask, sentAt: this.#by.now });
    }
  }

  /** Any request lands: it may have been lost, and may land once more. Several may share one answer, which
   * is then lost for all. */
  #land(): void {
    const chance = this.#chance;
    const together = chance.happens(0.2) ? 1 + chance.below(3) : 1;
    const isAnswerLost = chance.happens(0.15);
    for (let count = 0; count < together && this.#wire.length > 0; count++) {
      const at = chance.below(this.#wire.length);
      const message = this.#wire[at]!;
      // A claim whose answer came back is not sent again by anybody.
      const isRepeated = message.ask !== 'claim' && chance.happens(0.1);
      if (!isRepeated) this.#remove(at);
      if (chance.happens(0.06)) continue;
      const reply = this.#serve(message);
      if (!isAnswerLost && !this.violation) this.#replies.push(reply);
    }
  }

  #remove(at: number): void {
    const last = this.#wire.pop()!;
    if (at < this.#wire.length) this.#wire[at] = last;
  }

  #arrive(): void {
    if (this.#replies.length === 0) return;
    const at = this.#chance.below(this.#replies.length);
    const reply = this.#replies[at]!;
    const last = this.#replies.pop()!;
    if (at < this.#replies.length) this.#replies[at] = last;
    reply();
  }

  #serve({ caller, ask, sentAt }: Message): Reply {
    this.#note(() => `server: ${ask} by ${caller.claim.token}`);
    switch (ask) {
      case 'claim':
        return this.#serveClaim(caller, sentAt);
      case 'renew':
        return this.#serveRenewal(caller, sentAt);
      case 'complete':
        return this.#serveCompletion(caller);
      case 'release':
      case 'unknown':
      case 'withdraw':
        return this.#serveRelease(caller, ask);
    }
  }

  #serveClaim(caller: Caller, sentAt: number): Reply {
    const { claim } = caller;
    const before = this.#row;
    const answer = this.#table.claim(claim, this.#by);
    const after = this.#row;
    this.#judge(wrongClaim(claim, before, after, answer, this.#lastFence, this.#by.now));
    if (after !== before) this.#lastFence = answer.record.fence;
    this.#note(() => `server: ${answer.status}`);
    const { status, record, leaseRemainingMs } = answer;
    return () => {
      if (caller.isDead || caller.phase !== 'claiming') return;
      if (status === 'acquired') {
        this.#begin(caller, record, sentAt + leaseRemainingMs);
        return;
      }
      caller.phase = 'done';
      if (record.status === 'completed') this.#judge(wrongReplay(record, this.#callers));
    };
  }

  #begin(caller: Caller, record: StoredRecord, deadline: number): void {
    const { now } = this.#by;
    caller.deadline = deadline;
    if (now >= deadline) {
      caller.phase = 'withdrawing';
      return;
    }
    const row = this.#row;
    caller.phase = caller.claim.settlesOnly ? 'settling' : 'executing';
    // One that was deleted, or is another attempt's by now, is found out about by the next renewal.
    if (row?.token !== caller.claim.token || row.fence !== record.fence) return;
    this.#judge(wrongStart(caller, this.#callers, row, now));
  }

  #serveRenewal(caller: Caller, sentAt: number): Reply {
    const { token, id } = caller.claim;
    const before = this.#row;
    const lease = this.#table.renew(id, token, leaseMs, this.#by);
    const isRenewed = lease !== undefined;
    this.#judge(wrongRenewal(token, before, this.#row, isRenewed, this.#by.now));
    return () => {
      if (caller.phase !== 'executing') return;
      if (lease) caller.deadline = Math.max(caller.deadline, sentAt + lease.remainingMs);
      else caller.deadline = 0;
    };
  }

  #serveCompletion(caller: Caller): Reply {
    const { token, id, retentionMs } = caller.claim;
    const before = this.#row;
    const outcome = { bytes: caller.bytes, retentionMs };
    const answer = this.#table.complete(id, token, outcome, this.#by);
    const after = this.#row;
    const { now } = this.#by;
    this.#judge(wrongSettlement(token, 'completed', before, after, answer, now));
    if (after !== before) {
      const end = retentionMs === null ? undefined : now + retentionMs;
      if (after?.expiresAt !== end) {
        this.#judge(['expiry by the authority', `kept until ${after?.expiresAt}, not ${end}`]);
      }
    }
    return () => this.#settled(caller);
  }

  #serveRelease(caller: Caller, ask: 'release' | 'unknown' | 'withdraw'): Reply {
    const { token, id } = caller.claim;
    const before = this.#row;
    const unknown = ask === 'unknown';
    const note = { error: { name: 'Error', message: ask }, retentionMs: null, unknown };
    const answer = this.#table.release(id, token, note, this.#by);
    const after = this.#row;
    const status = unknown ? 'in_progress' : 'failed';
    this.#judge(wrongSettlement(token, status, before, after, answer, this.#by.now));
    if (unknown && after !== before) this.#judge(wrongUnknown(after!, this.#by.now));
    return () => this.#settled(caller);
  }

  #settled(caller: Caller): void {
    if (caller.phase === 'settling' || caller.phase === 'withdrawing') caller.phase = 'done';
  }

  /** What somebody does who is not waited for. */
  #act(caller: Caller): void {
    if (caller.isDead) return;
    const chance = this.#chance;
    switch (caller.phase) {
      case 'claiming':
        // Once more with the same token, or not at all: then it is taken back.
        if (chance.happens(0.6)) this.#send(caller, 'claim');
        else caller.phase = 'withdrawing';
        return;
      case 'withdrawing':
        this.#send(caller, 'withdraw');
        return;
      case 'executing':
        if (chance.happens(0.4)) this.#send(caller, 'renew');
        else {
          caller.ending = chance.pick(['value', 'value', 'error', 'unknown'] as const);
          caller.phase = 'settling';
          this.#settle(caller);
        }
        return;
      case 'settling':
        if (chance.happens(0.3)) this.#send(caller, 'renew');
        this.#settle(caller);
        return;
      case 'done':
        if (this.#callers.length < 6 && chance.happens(0.5)) this.#join(this.#setting);
    }
  }

  #settle(caller: Caller): void {
    const asks = { value: 'complete', error: 'release', unknown: 'unknown' } as const;
    this.#send(caller, asks[caller.ending]);
  }

  /** Somebody decides about what is there: settles it, has it executed again, keeps or removes it. */
  #operate(): void {
    const chance = this.#chance;
    const row = this.#row;
    if (!row) return;
    const version = recordVersion(row);
    const how = chance.below(6);
    if (how === 0) {
      this.#note(() => 'operator: delete');
      this.#table.remove(row.id, chance.happens(0.5) ? version : undefined, this.#by);
      // Whoever is at it finds out by its next renewal.
      for (const caller of this.#callers) caller.isExcused = true;
    } else if (how === 1) {
      const after = this.#table.extend(row.id, 500, version, this.#by);
      if (after?.status === 'in_progress') this.#judge(['ownership', 'extended in progress']);
    } else if (this.#callers.length < 6) {
      const settlesOnly = how < 4;
      // It lands when others may have changed the record since.
      this.#join({ ...this.#setting, supersedes: version, settlesOnly });
    }
  }

  /** All that is under way is over: whoever lives is answered, and the record can be had. */
  #end(): void {
    this.#wire.length = 0;
    for (const caller of this.#callers) {
      if (this.violation) return;
      if (caller.isDead || caller.phase !== 'settling') continue;
      this.#settle(caller);
      const message = this.#wire.pop()!;
      this.#serve(message)();
      const row = this.#row;
      const isLeft =
        stillCounts(row, this.#by.now) &&
        row.status === 'in_progress' &&
        row.token === caller.claim.token;
      if (isLeft && row.lastError === undefined) {
        this.#judge(['settled while alive', `${row.token} is left in progress`]);
      }
    }
    this.#wait(leaseMs + 1);
    const row = this.#row;
    const isHeld = stillCounts(row, this.#by.now) && row.status === 'in_progress';
    const supersedes = isHeld ? recordVersion(row) : undefined;
    const last = this.#join({ ...this.#setting, fingerprint: row?.fingerprint, supersedes });
    const { claim } = last;
    const before = this.#row;
    const answer = this.#table.claim(claim, this.#by);
    this.#judge(wrongClaim(claim, before, this.#row, answer, this.#lastFence, this.#by.now));
    if (answer.status === 'existing' && answer.record.status !== 'completed') {
      this.#judge(['liveness', `a record is ${answer.record.status} for good`]);
    }
  }

  get #row(): StoredRecord | undefined {
    return this.#table.rows.get('record');
  }

  #judge(found: readonly [InvariantName, string] | undefined): void {
    if (!found) return;
    this.violation ??= { invariant: found[0], text: found[1], at: this.#by.now };
    this.#note(() => `!! ${found[0]}: ${found[1]}`);
  }

  #note(text: () => string): void {
    this.trace?.push(`${String(this.#by.now).padStart(6)} ms  ${text()}`);
  }
}
