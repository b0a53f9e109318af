export { type JmespathOptions, jmespath, type Selected, type Selector } from './jmespath.ts';
