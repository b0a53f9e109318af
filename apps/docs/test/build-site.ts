import { buildSite } from '../src/build.ts';

/** Every test of this package looks at the site as it is published. */
export const setup = (): Promise<void> => buildSite();
