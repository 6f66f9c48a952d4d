/** Entry of the small process that starts programs for a large one: a composition root of its own. */
import { CHANNELS } from './adapters/processes/starter.ts';
import { serveStarts } from './adapters/processes/starting.ts';

serveStarts(CHANNELS);
