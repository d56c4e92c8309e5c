import {
  BadRequestException,
  Controller,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Req,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request } from 'express';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { PROCESS_SETTINGS, type ProcessSettings } from '../startup/settings.js';
import { WebhooksService } from './webhooks.service.js';

/** Where vendors call. Thin: what a call means is the connector's business. */
@Controller('webhooks')
export class WebhooksController {
  private warned = false;

  constructor(
    private readonly webhooks: WebhooksService,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post(':connection')
  @HttpCode(204)
  async receive(@Param('connection') connection: string, @Req() request: Request): Promise<void> {
    const body: unknown = request.body;
    const answer = await this.webhooks.receive({
      connection,
      method: request.method,
      url: this.publicUrl(request),
      headers: singleHeaders(request),
      rawBody: body instanceof Uint8Array ? body : new Uint8Array(),
      receivedAt: Date.now(),
    });
    switch (answer.kind) {
      case 'stored':
        return;
      case 'unknown':
        throw new NotFoundException();
      case 'refused':
        // HubSpot does not send again what was answered with 400 to 405. That is right here too: a call that proved
        // nothing is not let in by being repeated, and one that is too old by its own clock only gets older. What a
        // true one named is found by the next pull.
        throw new UnauthorizedException();
      case 'malformed':
        throw new BadRequestException('The body is not what the vendor documents.');
    }
  }

  /** As the vendor called it: signatures are over this, and behind a proxy the request itself does not know it. */
  private publicUrl(request: Request): string {
    const base = this.settings.publicUrl;
    if (base !== undefined) return `${base}${request.originalUrl}`;
    if (!this.warned) {
      this.warned = true;
      this.logger.warn(
        'PUBLIC_URL is not set: webhooks are verified against the Host header, which fails behind a proxy',
      );
    }
    return `${request.protocol}://${request.headers.host ?? ''}${request.originalUrl}`;
  }
}

function singleHeaders(request: Request): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
