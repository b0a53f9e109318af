import { signal } from '@preact/signals';
import { type Fault, faultOf } from '../connection/fault.ts';
import { follow } from '../connection/live.ts';
import { act, ask } from '../connection/request.ts';
import { hurryList } from '../list/list-session.ts';
import { hurryOverview } from '../overview/overview-state.ts';
import { about } from '../page/about.ts';
import { announce } from '../page/announcements.tsx';
import { hurryRecord } from '../record/open-record.ts';
import type { BulkJob, BulkRequest, BulkState } from '../wire.ts';
import { jobText } from './bulk-words.ts';

/** The action on many records that is under way, whoever began it, or that ended under our eyes. */
export const job = signal<BulkJob | undefined>(undefined);
/** Why it is not known how far it is. */
export const jobFault = signal<Fault | undefined>(undefined);

const oftenMs = 300;
const afterFaultMs = 2_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function isUnderWay(each: BulkJob | undefined): boolean {
  return each?.phase === 'running' || each?.phase === 'stopping';
}

/** Looks for what others have begun. Answers how to stop. */
export function followBulk(): () => void {
  // Nothing can be begun.
  if (about.peek()?.readOnly) return () => {};
  load().catch(() => {});
  const following = follow(load, { fast: 3_000, slow: 10_000 });
  return () => {
    following.stop();
    clearTimeout(timer);
  };
}

async function load(ending?: AbortSignal): Promise<boolean> {
  const { job: now } = await ask<BulkState>('bulk', {}, ending);
  return show(now);
}

/** Answers whether it is news. */
function show(now: BulkJob | undefined): boolean {
  const before = job.peek();
  jobFault.value = undefined;
  // What ended before this page knew of it is no news.
  if (now && !isUnderWay(now) && before?.id !== now.id) return false;
  if (now) job.value = now;
  if (isUnderWay(now)) watch(oftenMs);
  else if (now && isUnderWay(before)) {
    announce(jobText(now));
    hurryList();
    hurryRecord();
    hurryOverview();
  }
  return JSON.stringify(before) !== JSON.stringify(now);
}

/** What is under way is followed also by a page that is paused: somebody may have to stop it. */
function watch(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    load().catch((error: unknown) => {
      jobFault.value = faultOf(error);
      watch(afterFaultMs);
    });
  }, ms);
}

/** Has the server begin. Throws a {@link Fault}. */
export async function startBulk(request: BulkRequest): Promise<void> {
  const { job: started } = await act<BulkState>('bulk/start', request);
  show(started);
}

export async function stopBulk({ id }: BulkJob): Promise<void> {
  try {
    show((await act<BulkState>('bulk/stop', { id })).job);
  } catch (error) {
    // It has ended by itself, and says so soon.
    if (faultOf(error).code !== 'GONE') jobFault.value = faultOf(error);
  }
}

/** Takes what has ended out of sight. */
export function dismissBulk(): void {
  job.value = undefined;
}
