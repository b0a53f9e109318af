import { isLive } from '../connection/live.ts';
import { activeId, hurryList, moveBy, moveTo } from '../list/list-session.ts';
import { hurryRecord } from '../record/open-record.ts';
import { closeRecord, openId, openRecord } from './address.ts';
import { showShortcuts } from './shortcuts.tsx';

/** Keys that work wherever the focus is, unless somebody writes or a dialog is open. */
export function listenToKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]') || isWriting(event.target)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}

const actions: Readonly<Record<string, (() => void) | undefined>> = {
  '/': () => {
    const search = document.querySelector<HTMLInputElement>('#search');
    search?.focus();
    search?.select();
  },
  j: () => move(1),
  k: () => move(-1),
  o: () => {
    if (activeId.peek() !== undefined) openRecord(activeId.peek()!);
  },
  '[': () => {
    moveTo(0);
    focusList();
  },
  r: () => {
    hurryList();
    hurryRecord();
  },
  p: () => {
    isLive.value = !isLive.peek();
  },
  '?': showShortcuts,
  Escape: () => {
    if (openId.peek() === undefined) return;
    closeRecord();
    // The list may have been out of sight until now.
    requestAnimationFrame(focusList);
  },
};

function move(step: number): void {
  moveBy(step);
  focusList();
}

function focusList(): void {
  document.querySelector<HTMLElement>('#records')?.focus({ preventScroll: true });
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('input, textarea, select') || target.isContentEditable;
}
