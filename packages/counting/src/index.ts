export { bytesKeptBy } from './bytes-kept-by.ts';
export { collect } from './collect.ts';
export { garbageOf } from './garbage-of.ts';
export { garbageOfCall } from './garbage-of-call.ts';
export { promisesOfCall } from './promises-of-call.ts';
export { promisesUntilAnswered } from './promises-until-answered.ts';
export { promisesUntilAsked } from './promises-until-asked.ts';
export { survivingBytesOfCall } from './surviving-bytes-of-call.ts';
