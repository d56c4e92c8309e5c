/** `rapport worker` as a process of its own. */
import { explain } from './startup/explain.js';
import { work } from './startup/run.js';

await work(process.env).catch(explain);
