/** What a configuration asks for, in the hub's own terms. Pure. */
import { DEFAULT_MATCH_RULES, type MatchRules } from '../../core/matching/index.js';
import type { FieldRule, SurvivorshipRules } from '../../core/survivorship/index.js';
import type { AuditConfig, Config, ConnectionConfig, RuleConfig } from '../../platform/config/index.js';
import type { ConnectionRow } from '../activate.js';

/** A connection as the file has it; settings as a person wrote them, with absolute paths. */
export interface DesiredConnection {
  readonly name: string;
  readonly connector: string;
  readonly settings: unknown;
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly sync: ConnectionConfig['sync'];
  readonly mapping: unknown;
  readonly limits: ConnectionRow['limits'];
  /** Place in the file: earlier ones win ties. */
  readonly position: number;
  /** Secrets: never shown. */
  readonly credentials: unknown;
  readonly webhooks: unknown;
}

/** What stands in a rule set. */
export interface DesiredRules {
  readonly survivorship: SurvivorshipRules;
  readonly matching: MatchRules;
  /** npm packages that bring connectors. */
  readonly packages: readonly string[];
  /** When everything is read again and compared. */
  readonly audit: AuditConfig;
}

export interface Desired {
  readonly connections: readonly DesiredConnection[];
  readonly rules: DesiredRules;
}

export function desiredOf(config: Config): Desired {
  return {
    connections: config.connections.map((connection, position) => ({
      name: connection.name,
      connector: connection.connector,
      settings: connection.settings,
      schedule: connection.schedule ?? null,
      timeZone: connection.timeZone,
      sync: connection.sync,
      mapping: config.mapping[connection.name] ?? {},
      limits: limitsOf(config.limits[connection.name]),
      position,
      credentials: connection.credentials,
      webhooks: connection.webhooks ?? null,
    })),
    rules: {
      survivorship: survivorshipOf(config.survivorship),
      matching: matchingOf(config.matching),
      packages: config.packages,
      audit: config.audit,
    },
  };
}

function limitsOf(given: Config['limits'][string] | undefined): ConnectionRow['limits'] {
  return given?.dailyCallsPercent === undefined ? {} : { dailyCallsPercent: given.dailyCallsPercent };
}

function survivorshipOf(given: Config['survivorship']): SurvivorshipRules {
  const fields = (rules: Readonly<Record<string, RuleConfig>>): Record<string, FieldRule> =>
    Object.fromEntries(Object.entries(rules).map(([field, rule]) => [field, ruleOf(rule)]));
  return {
    default: ruleOf(given.default),
    fields: { customer: fields(given.customer), account: fields(given.account), deal: fields(given.deal) },
  };
}

function ruleOf(given: RuleConfig): FieldRule {
  if (typeof given === 'string') return { rule: given, order: [], blanks: 'win' };
  return { rule: given.rule, order: given.order ?? [], blanks: given.blanks ?? 'win' };
}

function matchingOf({ limits, maxCluster }: Config['matching']): MatchRules {
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return {
    maxCluster: maxCluster ?? DEFAULT_MATCH_RULES.maxCluster,
    limits: { ...DEFAULT_MATCH_RULES.limits, ...Object.fromEntries(given) },
  };
}
