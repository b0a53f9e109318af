export { processor } from './processor.ts';
