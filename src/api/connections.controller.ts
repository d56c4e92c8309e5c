import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Access } from '../access/index.js';
import type { ActiveConnection } from '../connections/active-connection.js';
import { callsOf } from '../connections/call-view.js';
import { CheckService, type ConnectionCheck } from '../connections/check.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { RequestError } from '../customers/request-error.js';
import { Database } from '../platform/database/index.js';
import { suggestion } from '../sdk/nearest.js';
import { enqueueFetch, enqueuePush } from '../sync/sync-jobs.js';
import * as answers from './answers.js';
import { connectionView, type ConnectionView } from './connection-view.js';
import { connectionFacts, setConnectionState } from './connections.repository.js';
import { Describe } from './describe.js';

const NAME = { name: 'Name of the connection.' };

/** Configured connections: never their credentials. */
@ApiTags('connections')
@ApiBearerAuth()
@Controller('api/v1/connections')
@Access('read')
export class ConnectionsController {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly checks: CheckService,
  ) {}

  @Get()
  @Describe({ summary: 'All connections', answer: answers.listOf(answers.connection) })
  async list(): Promise<{ readonly items: readonly ConnectionView[] }> {
    return { items: await this.views((await this.connections.directory()).external) };
  }

  @Get(':name')
  @Describe({ summary: 'One connection', params: NAME, answer: answers.connection })
  async find(@Param('name') name: string): Promise<ConnectionView> {
    return this.view(await this.named(name));
  }

  @Post(':name/check')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Whether it works: credentials, scopes, reach, limits left',
    params: NAME,
    answer: answers.check,
  })
  async check(@Param('name') name: string): Promise<ConnectionCheck> {
    await this.named(name);
    const [checked] = await this.checks.check([name]);
    if (checked === undefined) throw removed(name);
    return checked;
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Neither read nor write it until it is resumed',
    params: NAME,
    answer: answers.connection,
  })
  async pause(@Param('name') name: string): Promise<ConnectionView> {
    const { id } = await this.named(name);
    await setConnectionState(this.database, id, { from: ['active', 'failed'], to: 'paused' });
    return this.view(await this.named(name));
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Access('admin')
  @Describe({
    summary: 'Go on with a paused or failed one; what waits is sent',
    params: NAME,
    answer: answers.connection,
  })
  async resume(@Param('name') name: string): Promise<ConnectionView> {
    const { id } = await this.named(name);
    await this.database.transaction(async (tx) => {
      if (!(await setConnectionState(tx, id, { from: ['paused', 'failed'], to: 'active' }))) return;
      await enqueueFetch(tx, id);
      await enqueuePush(tx, id);
    });
    return this.view(await this.named(name));
  }

  private async named(name: string): Promise<ActiveConnection> {
    const { external } = await this.connections.directory();
    const found = external.find((connection) => connection.name === name);
    if (found !== undefined) return found;
    throw new RequestError({
      kind: 'unknown',
      field: 'name',
      message: 'There is no such connection.',
      remedy: suggestion(
        name,
        external.map((connection) => connection.name),
      ),
    });
  }

  private async view(connection: ActiveConnection): Promise<ConnectionView> {
    const [view] = await this.views([connection]);
    if (view === undefined) throw removed(connection.name);
    return view;
  }

  private async views(connections: readonly ActiveConnection[]): Promise<ConnectionView[]> {
    const facts = await connectionFacts(
      this.database,
      connections.map((connection) => connection.id),
    );
    const byId = new Map(facts.map((row) => [row.id, row]));
    const calls = await callsOf(this.database, connections, Date.now());
    return connections.flatMap((connection) => {
      const [known, made] = [byId.get(connection.id), calls.get(connection.id)];
      return known === undefined || made === undefined
        ? []
        : [connectionView(connection, { facts: known, calls: made })];
    });
  }
}

function removed(name: string): RequestError {
  return new RequestError({
    kind: 'conflict',
    message: `The connection ${name} was removed from the configuration.`,
    remedy: 'Put it back into the configuration and apply that.',
  });
}
