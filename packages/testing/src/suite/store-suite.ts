import { acquireSpecs } from './acquire.ts';
import { closeSpecs } from './close.ts';
import { completeSpecs } from './complete.ts';
import { contentionSpecs } from './contention.ts';
import { corruptSpecs } from './corrupt.ts';
import { deleteSpecs } from './delete.ts';
import { expirySpecs, pausedRetirementSpecs } from './expiry.ts';
import { extendSpecs } from './extend.ts';
import { fenceSpecs } from './fence.ts';
import { fillSpecs } from './fill.ts';
import { fingerprintSpecs } from './fingerprint.ts';
import { getSpecs } from './get.ts';
import { isolationSpecs } from './isolation.ts';
import { limitSpecs } from './limits.ts';
import { listSpecs } from './list.ts';
import { ownWriteSpecs } from './own-write.ts';
import { recordSpecs } from './record.ts';
import { releaseSpecs } from './release.ts';
import { renewSpecs } from './renew.ts';
import { setupSpecs } from './setup.ts';
import { shapeSpecs } from './shape.ts';
import { statsSpecs } from './stats.ts';
import type { StoreSpec } from './store-spec.ts';
import { supersedesSpecs } from './supersedes.ts';
import { takeoverSpecs } from './takeover.ts';
import { unknownSpecs } from './unknown.ts';
import { watchSpecs } from './watch.ts';
import { wrongServerSpecs } from './wrong-server.ts';

/** Every test that a store has to pass, in the order in which they are worth reading. */
export const storeSuite: readonly StoreSpec[] = [
  shapeSpecs,
  setupSpecs,
  acquireSpecs,
  ownWriteSpecs,
  fingerprintSpecs,
  renewSpecs,
  completeSpecs,
  releaseSpecs,
  unknownSpecs,
  takeoverSpecs,
  supersedesSpecs,
  contentionSpecs,
  fenceSpecs,
  expirySpecs,
  pausedRetirementSpecs,
  getSpecs,
  deleteSpecs,
  listSpecs,
  statsSpecs,
  extendSpecs,
  fillSpecs,
  watchSpecs,
  recordSpecs,
  isolationSpecs,
  limitSpecs,
  corruptSpecs,
  wrongServerSpecs,
  closeSpecs,
].flat();
