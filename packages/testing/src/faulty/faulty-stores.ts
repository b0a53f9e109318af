import { claimingFaults } from './claiming.ts';
import { countingFaults } from './counting.ts';
import type { FaultyStore } from './faulty-store.ts';
import { keepingFaults } from './keeping.ts';
import { listingFaults } from './listing.ts';
import { optionalFaults } from './optional.ts';
import { readingFaults } from './reading.ts';
import { recognisingFaults } from './recognising.ts';
import { renewingFaults } from './renewing.ts';
import { settlingFaults } from './settling.ts';
import { unknownFaults } from './unknown.ts';
import { wrongServerFaults } from './wrong-server.ts';

/**
 * Stores that are wrong on purpose, one fault each: they show that the suite notices, and what a
 * failing test of it means.
 */
export const faultyStores: readonly FaultyStore[] = [
  claimingFaults,
  recognisingFaults,
  countingFaults,
  renewingFaults,
  settlingFaults,
  unknownFaults,
  keepingFaults,
  readingFaults,
  listingFaults,
  optionalFaults,
  wrongServerFaults,
].flat();
