#!/usr/bin/env node
/** `npm run demo`: two sandboxes and the hub between them. */
import { start } from './launch.mjs';

await start('src/demo/main.js', process.argv.slice(2));
