import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Caller, CallerRequest } from '../access/index.js';

/** Who calls, as the guard found out. */
export const ByCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (caller === undefined) throw new Error('A public route has no caller.');
  return caller;
});
