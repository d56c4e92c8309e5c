/** `rapport serve` as a process of its own. */
import { explain } from './startup/explain.js';
import { serve } from './startup/run.js';

await serve(process.env).catch(explain);
