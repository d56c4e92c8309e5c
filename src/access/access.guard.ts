import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ruleOf } from './rule-of.js';
import { AccessDenied } from './access-denied.js';
import { ApiKeysService, type Caller } from './api-keys.service.js';

/** A request that has passed the guard. */
export interface CallerRequest extends Request {
  caller?: Caller;
}

const SEND_A_KEY =
  'Send `Authorization: Bearer rap_…` with a key of this hub; the first one was shown when it first started.';

/** Lets a request pass if its route's rule does. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: ApiKeysService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = ruleOf(this.reflector, context.getHandler(), context.getClass());
    const request = context.switchToHttp().getRequest<CallerRequest>();
    switch (rule) {
      case 'public':
        return true;
      case 'metrics':
        if (!isFromHere(request)) await this.identify(request);
        return true;
      case 'read':
        await this.identify(request);
        return true;
      case 'admin':
        if ((await this.identify(request)).scope !== 'admin') {
          throw new AccessDenied(
            'scope',
            'This needs an API key of scope admin; the one given may only read.',
            'Use a key of scope admin.',
          );
        }
        return true;
      case undefined:
        throw new AccessDenied(
          'scope',
          'This route is closed: no rule says who may call it.',
          'Report it: each route declares its rule.',
        );
    }
  }

  private async identify(request: CallerRequest): Promise<Caller> {
    const caller = await this.keys.verify(bearerOf(request.headers.authorization));
    if (caller === null) {
      const message =
        request.headers.authorization === undefined
          ? 'This needs an API key.'
          : 'The API key is not known, or was revoked.';
      throw new AccessDenied('unknown', message, SEND_A_KEY);
    }
    request.caller = caller;
    return caller;
  }
}

function bearerOf(header: string | undefined): string {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
}

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** From a program on this machine; a proxy on this machine speaks for others, and says so. */
function isFromHere(request: Request): boolean {
  if (PROXY_HEADERS.some((header) => request.headers[header] !== undefined)) return false;
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
