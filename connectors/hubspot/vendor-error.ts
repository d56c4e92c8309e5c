/** HubSpot's error bodies, read leniently: https://developers.hubspot.com/docs/api-reference/error-handling */
import { z } from 'zod';

const contextSchema = z.record(z.string(), z.array(z.coerce.string())).catch({});

const detailSchema = z.object({
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  in: z.string().optional().catch(undefined),
  context: contextSchema.optional(),
});

const vendorErrorSchema = z.object({
  message: z.string().catch(''),
  category: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  errorType: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  context: contextSchema.optional(),
  errors: z.array(detailSchema).optional().catch(undefined),
});

/** A whole answer's error, or one entry of the `errors` of a batch. */
export type VendorError = z.infer<typeof vendorErrorSchema>;

/** Never fails: an answer that is no JSON (a proxy's page) gives an error without category. */
export function parseVendorError(body: unknown): VendorError {
  const parsed = vendorErrorSchema.safeParse(body);
  return parsed.success ? parsed.data : { message: '' };
}

/** The first value HubSpot names under one of the keys, there or in one of the details. */
export function contextValues(error: VendorError, key: string): readonly string[] {
  return [error.context, ...(error.errors ?? []).map((detail) => detail.context)].flatMap(
    (context) => context?.[key] ?? [],
  );
}
