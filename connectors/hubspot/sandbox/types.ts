/** What the sandbox keeps of a record, and what it tells of a change. */
import type { SandboxObject } from './schema.js';

interface HistoryEntry {
  readonly value: string;
  readonly at: number;
  readonly source: string;
}

export interface StoredRecord {
  readonly object: SandboxObject;
  readonly id: string;
  properties: Readonly<Record<string, string>>;
  readonly history: Map<string, HistoryEntry[]>;
  readonly createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  /** Association types by the id at the other end; 1 (contacts) and 5 (deals) is the primary company. */
  readonly links: Readonly<Record<LinkEnd, Map<string, Set<number>>>>;
  readonly merged: { readonly id: string; readonly at: number }[];
  /** As search sees it; null while it does not. */
  indexed: { readonly properties: Readonly<Record<string, string>>; readonly updatedAt: number } | null;
}

/** What records can be linked to: contacts to companies, deals to both. */
export type LinkEnd = 'companies' | 'contacts';

/** What happened, for webhooks. */
export interface Change {
  readonly kind:
    | 'creation'
    | 'propertyChange'
    | 'deletion'
    | 'restore'
    | 'merge'
    | 'privacyDeletion'
    | 'associationChange';
  readonly object: SandboxObject;
  readonly id: string;
  readonly at: number;
  readonly source: string;
  readonly property?: string;
  readonly value?: string;
  readonly primaryId?: string;
  readonly mergedIds?: readonly string[];
  readonly otherEnd?: LinkEnd;
  readonly otherId?: string;
  readonly removed?: boolean;
}

export interface Write {
  readonly at?: number;
  /** `CRM_UI` for a person, `INTEGRATION` for the API. */
  readonly source: string;
}

export const OWNERS = [
  { id: '70000001', email: 'ada.owner@portal.example', firstName: 'Ada', lastName: 'Owner', archived: false },
  { id: '70000002', email: 'ben.owner@portal.example', firstName: 'Ben', lastName: 'Owner', archived: false },
  {
    id: '70000003',
    email: 'gone.owner@portal.example',
    firstName: 'Gone',
    lastName: 'Owner',
    archived: true,
  },
] as const;
