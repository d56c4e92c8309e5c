import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AccessDenied } from '../access/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { problemOf } from './problem.js';

/** Every error becomes a problem document; only what was not foreseen is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const [path = ''] = request.originalUrl.split('?', 1);
    const problem = problemOf(error, path);
    if (problem.status === 500) this.logger.error({ err: error, method: request.method }, 'a request failed');
    if (response.headersSent) {
      // An answer that is under way can only be cut off, so that nobody takes it for whole.
      response.destroy();
      return;
    }
    if (error instanceof AccessDenied && error.status === 401)
      response.setHeader('WWW-Authenticate', 'Bearer');
    // Past Express's own `json`, which would name another media type.
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
