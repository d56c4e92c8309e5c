/** How the conformance suite drives a file: on the web, so that the way there can fail. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PropertyValues } from '../../src/sdk/index.js';
import { defineConformance, type Harness } from '../../src/sdk/conformance/index.js';
import connector from './index.js';

const COLUMNS = { name: 'familyName', mail: 'email', note: 'jobTitle' };
const HEADER = ['id', ...Object.keys(COLUMNS), 'changed'];
const TOKEN = 'sandbox-token';

export default defineConformance({
  connector,
  open: openFile,
  objects: [
    {
      object: 'customer',
      values: (n) => ({
        name: `Person ${String(n)}`,
        mail: `person${String(n)}@example.com`,
        note: `note ${String(n)}`,
      }),
      name: 'name',
      text: 'note',
      longest: 20_000,
      page: 1000,
    },
  ],
  cannot: {
    merge: 'a file says nothing of merges',
    link: 'a row points at nothing',
    addProperty: 'columns are read as the settings name them',
    expire: 'there is no session: each load shows its credentials',
  },
});

type Row = Record<string, string>;
type Fault = 'throttle' | 'lose' | 'cut';

async function openFile(): Promise<Harness> {
  const rows = new Map<string, Row>();
  const removed = new Map<string, Row>();
  const faults: Fault[] = [];
  let token = TOKEN;
  let serial = 0;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else serve(response, textOf([...rows.values()]), faults.shift());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const put = (id: string, values: PropertyValues, changed = new Date().toISOString()): void => {
    rows.set(id, { ...rows.get(id), ...cells(values), id, changed });
  };
  return {
    settings: {
      url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/people.csv`,
      object: 'customer',
      idColumn: 'id',
      columns: COLUMNS,
      modifiedColumn: 'changed',
    },
    credentials: { token: TOKEN },
    create: async (_object, records, at) =>
      records.map((values) => {
        serial += 1;
        const id = `row-${String(serial).padStart(6, '0')}`;
        put(id, values, at);
        return id;
      }),
    edit: async (_object, id, values) => put(id, values),
    records: async () => [...rows.values()].map((row) => ({ id: row['id'] ?? '', values: row })),
    remove: async (_object, id) => {
      removed.set(id, rows.get(id) ?? {});
      rows.delete(id);
    },
    restore: async (_object, id) => void rows.set(id, removed.get(id) ?? {}),
    spoil: async (_object, id) => put(id, {}, 'yesterday, about noon'),
    throttle: async () => void faults.push('throttle'),
    loseAnswer: async () => void faults.push('lose'),
    cutAnswer: async () => void faults.push('cut'),
    revoke: async () => {
      token = 'another one';
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function serve(response: ServerResponse, text: string, fault: Fault | undefined): void {
  const body = Buffer.from(text);
  if (fault === 'throttle') response.writeHead(429, { 'retry-after': '30' }).end();
  else if (fault === 'lose') response.destroy();
  else {
    response.writeHead(200, { 'content-type': 'text/csv', 'content-length': body.length });
    if (fault === 'cut') response.write(body.subarray(0, body.length / 2), () => response.destroy());
    else response.end(body);
  }
}

function cells(values: PropertyValues): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

function textOf(rows: readonly Row[]): string {
  const line = (row: readonly string[]): string =>
    row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  return [HEADER, ...rows.map((row) => HEADER.map((name) => row[name] ?? ''))].map(line).join('\r\n');
}
