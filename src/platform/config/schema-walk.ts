/** Looking into a zod schema: what stands at a path, which keys are valid there. */
import { z } from 'zod';
import type { ConfigPath } from './problem.js';

type Schema = z.core.$ZodType;

/** The schemas a value at this path may be checked by, wrappers and unions opened; none where anything goes. */
export function schemasAt(schema: Schema, path: ConfigPath): readonly Schema[] {
  const [step, ...rest] = path;
  const open = unwrapped(schema);
  if (step === undefined) return open;
  return open.flatMap((one) => below(one, step)).flatMap((one) => schemasAt(one, rest));
}

/** Keys that are valid at the path. */
export function keysAt(schema: Schema, path: ConfigPath): readonly string[] {
  const keys = schemasAt(schema, path).flatMap((one) =>
    one instanceof z.core.$ZodObject ? Object.keys(one._zod.def.shape) : [],
  );
  return [...new Set(keys)];
}

/** Values that are valid at the path, where it is a list of choices. */
export function choicesAt(schema: Schema, path: ConfigPath): readonly string[] {
  return schemasAt(schema, path).flatMap((one) => {
    if (one instanceof z.core.$ZodEnum) return Object.values(one._zod.def.entries).map(String);
    return one instanceof z.core.$ZodLiteral ? one._zod.def.values.map(String) : [];
  });
}

function below(schema: Schema, step: string | number): readonly Schema[] {
  if (schema instanceof z.core.$ZodObject) {
    const shape: Readonly<Record<string, Schema>> = schema._zod.def.shape;
    const next = Object.hasOwn(shape, step) ? shape[step] : undefined;
    return next === undefined ? [] : [next];
  }
  if (schema instanceof z.core.$ZodRecord) return [schema._zod.def.valueType];
  if (schema instanceof z.core.$ZodArray) return [schema._zod.def.element];
  return [];
}

function unwrapped(schema: Schema): readonly Schema[] {
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options.flatMap(unwrapped);
  if (schema instanceof z.core.$ZodIntersection)
    return [schema._zod.def.left, schema._zod.def.right].flatMap(unwrapped);
  if (schema instanceof z.core.$ZodPipe) return unwrapped(schema._zod.def.in);
  const inner = innerOf(schema);
  return inner === undefined ? [schema] : unwrapped(inner);
}

/** What a wrapper (optional, default, …) wraps. */
export function innerOf(schema: Schema): Schema | undefined {
  const wrapped =
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault ||
    schema instanceof z.core.$ZodNonOptional ||
    schema instanceof z.core.$ZodReadonly ||
    schema instanceof z.core.$ZodCatch;
  return wrapped ? schema._zod.def.innerType : undefined;
}
