import { PATH_METADATA } from '@nestjs/common/constants.js';
import type { ExecutionContext, Type } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { ACCESS_RULE, type AccessRule } from './access-rule.js';

/** Rules of controllers that know nothing of API keys, by their path: probes, webhooks and metrics. */
const BY_CONTROLLER: Readonly<Record<string, AccessRule>> = {
  health: 'public',
  webhooks: 'public',
  metrics: 'metrics',
};

type Handler = ReturnType<ExecutionContext['getHandler']>;

/** The rule of a route: its own, else its controller's; undefined when none is declared. */
export function ruleOf(reflector: Reflector, handler: Handler, controller: Type): AccessRule | undefined {
  const declared = reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [handler, controller]);
  if (declared !== undefined) return declared;
  const path: unknown = Reflect.getMetadata(PATH_METADATA, controller);
  return typeof path === 'string' && Object.hasOwn(BY_CONTROLLER, path) ? BY_CONTROLLER[path] : undefined;
}
