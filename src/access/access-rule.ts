import { SetMetadata } from '@nestjs/common';

/**
 * Who may call a route.
 *
 * public   anybody: what it does is guarded by other means (a webhook's signature), or tells nothing
 * metrics  whoever asks from this machine itself, or has a key that may read
 * read     a key of any scope
 * admin    a key of scope admin
 */
export type AccessRule = 'public' | 'metrics' | 'read' | 'admin';

export const ACCESS_RULE = Symbol('access rule');

/** Declares the rule of a route, or of all routes of a controller. A route without one is closed to everybody. */
export const Access = (rule: AccessRule): ClassDecorator & MethodDecorator => SetMetadata(ACCESS_RULE, rule);
