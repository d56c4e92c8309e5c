export { AccessDenied } from './access-denied.js';
export { Access, type AccessRule } from './access-rule.js';
export type { CallerRequest } from './access.guard.js';
export { AccessModule } from './access.module.js';
export { ApiKeysService, type ApiKeyView, type Caller } from './api-keys.service.js';
export type { Scope } from './api-key.js';
