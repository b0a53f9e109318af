export { extended, isAt, renewed } from './change.ts';
export { claimed } from './claimed.ts';
export { counts, isPaused } from './expiry.ts';
export { judge } from './judge.ts';
export { checkQuery, examinedPerPage, type Placed, pageOf, placeOf } from './page.ts';
export { corrupt, recordOf, recordText } from './record-text.ts';
export { completing, releasing, type Settle } from './settle.ts';
