import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { z } from 'zod';

type SchemaObject = Exclude<
  NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string],
  { $ref: string }
>;

/** One route as the OpenAPI document tells of it; the schemas are those that check the request. */
export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  /** Path parameter → what it is. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** 200 unless told. */
  readonly status?: number;
  /** Media types other than JSON. */
  readonly produces?: readonly string[];
}

/** Describes a route for /docs. */
export function Describe(route: RouteDescription): MethodDecorator {
  const { summary, description } = route;
  return applyDecorators(
    ApiOperation({ summary, ...(description !== undefined && { description }) }),
    ...Object.entries(route.params ?? {}).map(([name, text]) =>
      ApiParam({ name, description: text, schema: { type: 'string' } }),
    ),
    ...(route.query === undefined ? [] : queryOf(route.query)),
    ...(route.body === undefined ? [] : [ApiBody({ schema: jsonSchema(route.body, 'input') })]),
    ...(route.produces === undefined ? [] : [ApiProduces(...route.produces)]),
    ApiResponse({
      status: route.status ?? 200,
      description: 'Done',
      ...(route.answer && { schema: jsonSchema(route.answer, 'output') }),
    }),
  );
}

function queryOf(query: z.ZodObject): MethodDecorator[] {
  return Object.entries(query.shape).map(([name, schema]) => {
    const { description, ...shape } = jsonSchema(schema as z.ZodType, 'input');
    return ApiQuery({
      name,
      required: !(schema as z.ZodType).safeParse(undefined).success,
      schema: shape,
      ...(description !== undefined && { description }),
    });
  });
}

/** OpenAPI 3.1 takes JSON Schema as it is. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): SchemaObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as unknown as SchemaObject;
}
