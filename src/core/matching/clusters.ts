import { contradict } from './contradiction.js';
import type { Evidence } from './evidence.js';
import { compareIds, type Decision, type GoldenAge, type MatchRecord } from './record.js';

/** Records that are, or are to be, on one customer or account. */
export interface Cluster {
  readonly records: readonly MatchRecord[];
  /** The golden records they are linked to now, oldest first. */
  readonly goldens: readonly string[];
}

export interface ClusterRules {
  readonly decisions: readonly Decision[];
  readonly goldens: readonly GoldenAge[];
  /** Connections that hold each person once. */
  readonly uniqueConnections: ReadonlySet<string>;
  readonly maxCluster: number;
  /** All `same` evidence, to see whether a record's stronger evidence points elsewhere. */
  readonly evidence: readonly Evidence[];
}

/** `forbidden`: a person said that they are not the same. Any other text says why a person should judge. */
export type Objection = { readonly kind: 'forbidden' } | { readonly kind: 'doubt'; readonly reason: string };

/** The partition of records into customers, as it grows by evidence. */
export class Clusters {
  private readonly clusterOf = new Map<string, Cluster>();
  private readonly apart = new Map<string, Set<string>>();
  private readonly evidenceOf = new Map<string, Evidence[]>();
  private readonly age: (a: string, b: string) => number;

  constructor(
    records: readonly MatchRecord[],
    private readonly rules: ClusterRules,
  ) {
    const createdAt = new Map(rules.goldens.map((golden) => [golden.goldenId, golden.createdAt]));
    this.age = (a, b) => (createdAt.get(a) ?? 0) - (createdAt.get(b) ?? 0) || compareIds(a, b);
    const byGolden = Map.groupBy(records, (record) => record.linkedTo);
    for (const [golden, own] of byGolden) {
      if (golden === null) for (const record of own) this.put({ records: [record], goldens: [] });
      else this.put({ records: own, goldens: [golden] });
    }
    for (const { a, b, verdict } of rules.decisions) {
      if (verdict !== 'notSame') continue;
      this.apart.set(a, (this.apart.get(a) ?? new Set()).add(b));
      this.apart.set(b, (this.apart.get(b) ?? new Set()).add(a));
    }
    for (const evidence of rules.evidence) {
      for (const { recordId } of [evidence.a, evidence.b]) {
        const own = this.evidenceOf.get(recordId);
        if (own === undefined) this.evidenceOf.set(recordId, [evidence]);
        else own.push(evidence);
      }
    }
  }

  of(record: MatchRecord): Cluster {
    return this.clusterOf.get(record.recordId) ?? { records: [record], goldens: [] };
  }

  /** Golden records by age, the oldest first. */
  compareAge(a: string, b: string): number {
    return this.age(a, b);
  }

  /** Whether a person's word keeps the two clusters apart. */
  areKeptApart(x: Cluster, y: Cluster): boolean {
    if (this.apart.size === 0) return false;
    return x.records.some((record) => {
      const apart = this.apart.get(record.recordId);
      return apart !== undefined && y.records.some((other) => apart.has(other.recordId));
    });
  }

  /** Why the two clusters that evidence points at may not become one; undefined when they may. */
  objection(evidence: Evidence): Objection | undefined {
    const [x, y] = [this.of(evidence.a), this.of(evidence.b)];
    if (this.areKeptApart(x, y)) return { kind: 'forbidden' };
    if (evidence.rule === 'decision') return undefined;
    const reason =
      this.doublesLiveRecord(x, y) ??
      this.passesSize(x, y) ??
      (evidence.rule === 'xref' ? undefined : (this.chains(evidence, x, y) ?? contradiction(evidence, x, y)));
    return reason === undefined ? undefined : { kind: 'doubt', reason };
  }

  /** Makes one cluster of the two. Returns the golden records that an older one takes in. */
  join(evidence: Evidence): readonly string[] {
    const [x, y] = [this.of(evidence.a), this.of(evidence.b)];
    const goldens = [...x.goldens, ...y.goldens].sort(this.age);
    this.put({ records: [...x.records, ...y.records], goldens });
    const survivors = [x.goldens[0], y.goldens[0]].filter((golden) => golden !== undefined);
    return survivors.filter((golden) => golden !== goldens[0]);
  }

  private put(cluster: Cluster): void {
    for (const record of cluster.records) this.clusterOf.set(record.recordId, cluster);
  }

  private doublesLiveRecord(x: Cluster, y: Cluster): string | undefined {
    const bothGolden = x.goldens.length > 0 && y.goldens.length > 0;
    const connections = liveConnections(x);
    for (const connection of liveConnections(y)) {
      if (!connections.has(connection)) continue;
      if (bothGolden) return 'Each has a record of its own in the same system.';
      if (this.rules.uniqueConnections.has(connection))
        return 'They are two records of a system that holds each person once.';
      if (isDeal(y)) return 'They are two deals of one system.';
    }
    return undefined;
  }

  private passesSize(x: Cluster, y: Cluster): string | undefined {
    return x.records.length + y.records.length > this.rules.maxCluster
      ? 'Too many records would become one.'
      : undefined;
  }

  /**
   * A record's weaker evidence attaches another lone record, but never ties two customers together when a stronger
   * one puts the record elsewhere: with phone numbers for links, such chains have no end.
   */
  private chains(evidence: Evidence, x: Cluster, y: Cluster): string | undefined {
    const aElsewhere = this.hasStrongerOutside(evidence.a, evidence.strength, y);
    const bElsewhere = this.hasStrongerOutside(evidence.b, evidence.strength, x);
    if (!aElsewhere && !bElsewhere) return undefined;
    if ((x.records.length === 1 && !aElsewhere) || (y.records.length === 1 && !bElsewhere)) return undefined;
    return 'Stronger evidence points to another customer.';
  }

  private hasStrongerOutside(record: MatchRecord, strength: number, cluster: Cluster): boolean {
    const own = this.evidenceOf.get(record.recordId) ?? [];
    return own.some((evidence) => {
      const other = evidence.a.recordId === record.recordId ? evidence.b : evidence.a;
      return evidence.strength < strength && this.of(other) !== cluster;
    });
  }
}

/** A system holds a deal once: two deals that look alike there are two. */
function isDeal(cluster: Cluster): boolean {
  return cluster.records.some((record) => record.identity.entity === 'deal');
}

function liveConnections(cluster: Cluster): ReadonlySet<string> {
  return new Set(cluster.records.filter((record) => record.live).map((record) => record.connection));
}

/**
 * Records of one customer may disagree among themselves, when a person or an id put them together: they don't speak
 * for the one that the evidence is about, and can't object in its place.
 */
function contradiction({ a, b }: Evidence, x: Cluster, y: Cluster): string | undefined {
  // Two alone that contradict each other make no `same` evidence.
  if (x.records.length === 1 && y.records.length === 1) return undefined;
  const speakersFor = (record: MatchRecord, cluster: Cluster): MatchRecord[] =>
    cluster.records.filter((other) => other === record || !contradict(other.identity, record.identity));
  const mine = speakersFor(a, x);
  const theirs = speakersFor(b, y);
  return mine.some((one) => theirs.some((other) => contradict(one.identity, other.identity)))
    ? 'Other records of theirs are of two different ones.'
    : undefined;
}
