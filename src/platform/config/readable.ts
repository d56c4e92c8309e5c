import { z } from 'zod';
import {
  connectionSchema,
  limitsSchema,
  mappingSchema,
  survivorshipSchema,
  type Config,
  type ConnectionConfig,
} from './schema.js';

/** The parts of a configuration that are well formed, so that one mistake does not hide those elsewhere. */
export interface ReadableConfig {
  /** In the order of the file; undefined where one is not well formed. */
  readonly connections: readonly (ConnectionConfig | undefined)[];
  readonly names: readonly (string | undefined)[];
  readonly survivorship: Config['survivorship'];
  readonly mapping: Config['mapping'];
  readonly limits: Config['limits'];
}

const outline = z.object({
  connections: z.array(z.unknown()).catch([]),
  survivorship: survivorshipSchema.catch({ default: 'most-recent', customer: {}, account: {}, deal: {} }),
  mapping: z.record(z.string(), mappingSchema).catch({}),
  limits: z.record(z.string(), limitsSchema).catch({}),
});

const named = z.object({ name: z.string() });

export function readableParts(value: unknown): ReadableConfig {
  const { connections, survivorship, mapping, limits } = outline.catch(outline.parse({})).parse(value);
  return {
    connections: connections.map((one) => connectionSchema.safeParse(one).data),
    names: connections.map((one) => named.safeParse(one).data?.name),
    survivorship,
    mapping,
    limits,
  };
}
