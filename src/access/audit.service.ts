import { Injectable } from '@nestjs/common';
import { ID_POSITION, pageOf, startOf, type Page, type PageRequest } from '../customers/paging.js';
import { Database } from '../platform/database/index.js';
import { listActions, type AuditEntry } from './audit.repository.js';

/** What people did that must be accounted for. */
@Injectable()
export class AuditService {
  constructor(private readonly database: Database) {}

  async list(request: PageRequest): Promise<Page<AuditEntry>> {
    const [before] = startOf(request.cursor, ID_POSITION) ?? [null];
    const found = await listActions(this.database, { before, limit: request.limit + 1 });
    return pageOf(found, request.limit, (entry) => [entry.id]);
  }
}
