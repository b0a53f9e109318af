// Draws the pictures of docs/observing.md from runs that are made for it: traces of calls on real
// stores, and the dashboard's own queries on a real Prometheus. Needs Chromium, and two minutes.
import { dashboardPicture } from './dashboard-picture.ts';
import { recordPanels } from './record-panels.ts';
import { recordTraces } from './record-traces.ts';
import { takePictures } from './take-picture.ts';
import { tracePictures } from './trace-pictures.ts';

const pictures = tracePictures(await recordTraces());
await takePictures([...pictures, dashboardPicture(await recordPanels())]);
