import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { RequestError, type FieldProblem } from '../customers/request-error.js';
import { suggestion } from '../sdk/nearest.js';

/** Checks one part of a request by its schema; what the controller gets has the schema's type. */
export class ZodPipe<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  constructor(
    private readonly schema: Schema,
    /** What the whole is called when nothing in it can be named. */
    private readonly whole: string,
  ) {}

  /** @throws RequestError naming the field */
  transform(given: unknown): z.output<Schema> {
    const parsed = this.schema.safeParse(given ?? {}, { reportInput: false });
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => this.problem(issue));
    const [first] = problems;
    throw new RequestError({
      kind: 'invalid',
      message: `${first?.field ?? this.whole}: ${first?.message ?? 'is not right'}`,
      remedy: first?.remedy ?? CORRECT,
      ...(first && { field: first.field }),
      problems: problems.map(({ field, message }) => ({ field, message })),
    });
  }

  private problem(issue: z.core.$ZodIssue): FieldProblem & { readonly remedy: string } {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0] ?? '';
      const field = [...path, key].join('.');
      return { field, message: 'is not known here', remedy: suggestion(key, keysOf(this.schema)) };
    }
    const field = path.length === 0 ? this.whole : path.join('.');
    return { field, message: issue.message, remedy: CORRECT };
  }
}

const CORRECT = 'Correct it; /docs says what is taken.';

function keysOf(schema: z.ZodType): string[] {
  return 'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null
    ? Object.keys(schema.shape)
    : [];
}
