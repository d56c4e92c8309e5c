#!/usr/bin/env -S node --max-semi-space-size=16 --heap-growing-percent=40
/**
 * The `rapport` command: runs the built CLI on the Node that the project pins, and builds it first when sources are
 * newer. Plain JavaScript for any Node from 18 on, because this much runs before the right one is found. The flags keep
 * memory small at some cost of processor time: docs/performance.md, "Memory".
 */
import { start } from './launch.mjs';

await start('src/cli.js', process.argv.slice(2));
