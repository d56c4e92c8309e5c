import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiKeysService } from './api-keys.service.js';

/** API keys, and the guard that stands before every route of the application. */
@Module({
  providers: [ApiKeysService, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [ApiKeysService],
})
export class AccessModule {}
