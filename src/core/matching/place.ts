import { Clusters, type Cluster } from './clusters.js';
import type { MatchRule } from './comparison.js';
import { decidedEvidence, gatherEvidence, type Evidence } from './evidence.js';
import type {
  CandidateOperation,
  CreateGoldenOperation,
  LinkOperation,
  MergeOperation,
  PlaceOperation,
} from './operations.js';
import { compareIds, type Decision, type GoldenAge, type MatchRecord } from './record.js';
import type { MatchRules } from './rules.js';

export interface PlaceInput {
  /** Ids of the records to place: new ones, changed ones. */
  readonly toPlace: readonly string[];
  /**
   * The records to place, those that share an identifier with them or that a decision names with them, and every
   * other record of the golden records that any of these is linked to.
   */
  readonly records: readonly MatchRecord[];
  /** The golden records that any of the records is linked to. */
  readonly goldens: readonly GoldenAge[];
  /** Decisions on any of the records. */
  readonly decisions: readonly Decision[];
  /** Identifiers (by `identifierKey`) so widely shared that their holders were not all loaded: no evidence. */
  readonly crowded: ReadonlySet<string>;
  /** Connections that hold each person once. */
  readonly uniqueConnections: ReadonlySet<string>;
  readonly rules: MatchRules;
}

/**
 * Where records belong: a pure function of its input, whatever the order of the lists in it.
 *
 * - Every unlinked record to place gets exactly one link or one place in a new golden record; a linked one stays.
 * - Evidence is followed from the strongest to the weakest (`STRENGTH`), towards the oldest golden record first.
 * - Golden records merge by themselves only when nothing speaks against it; the oldest survives. What is doubtful
 *   becomes a candidate, one for each two customers.
 * - A person's word goes before all: `same` joins, `notSame` keeps apart and silences candidates. Where words
 *   contradict one another, `notSame` stands and the pair is a candidate again.
 *
 * Unlinked records that are not to be placed wait for their own turn.
 */
export function place(input: PlaceInput): PlaceOperation[] {
  const wanted = new Set(input.toPlace);
  const all = [...new Map(input.records.map((record) => [record.recordId, record])).values()].sort((a, b) =>
    compareIds(a.recordId, b.recordId),
  );
  const records = all.filter((record) => record.linkedTo !== null || wanted.has(record.recordId));
  const byId = new Map(records.map((record) => [record.recordId, record]));
  // Those that wait count when it is told how many share an identifier.
  const gathered = gatherEvidence(all, input.rules, input.crowded).filter(
    ({ a, b }) => byId.has(a.recordId) && byId.has(b.recordId),
  );
  const evidence = [...decidedEvidence(byId, input.decisions), ...gathered];
  const same = evidence.filter(({ verdict }) => verdict === 'same');
  const clusters = new Clusters(records, { ...input, maxCluster: input.rules.maxCluster, evidence: same });
  const isNews = ({ a, b }: Evidence): boolean => wanted.has(a.recordId) || wanted.has(b.recordId);
  const { joined, merges, doubts } = follow(same.filter(isNews), clusters);
  const asked = [...evidence.filter((one) => one.verdict === 'candidate' && isNews(one)), ...doubts];
  return [
    ...mergeOperations(merges, clusters),
    ...placements(records, clusters, joined),
    ...candidates(asked, clusters),
  ];
}

interface Followed {
  /** Evidence between records that are together now. */
  readonly joined: readonly Evidence[];
  /** The evidence by which a golden record was taken in. */
  readonly merges: ReadonlyMap<string, Evidence>;
  readonly doubts: readonly Evidence[];
}

function follow(same: readonly Evidence[], clusters: Clusters): Followed {
  const joined: Evidence[] = [];
  const merges = new Map<string, Evidence>();
  const doubts: Evidence[] = [];
  for (const evidence of [...same].sort(strongestFirst(clusters))) {
    if (clusters.of(evidence.a) !== clusters.of(evidence.b)) {
      const objection = clusters.objection(evidence);
      if (objection?.kind === 'doubt')
        doubts.push({ ...evidence, reason: `${evidence.reason} ${objection.reason}` });
      if (objection?.kind === 'forbidden' && evidence.rule === 'decision') {
        doubts.push({ ...evidence, reason: 'People said that they are the same, and that they are not.' });
      }
      if (objection !== undefined) continue;
      for (const golden of clusters.join(evidence)) merges.set(golden, evidence);
    }
    joined.push(evidence);
  }
  return { joined, merges, doubts };
}

function strongestFirst(clusters: Clusters): (x: Evidence, y: Evidence) => number {
  const byAge = (x: Evidence, y: Evidence): number => {
    const [goldenX, goldenY] = [oldest(x, clusters), oldest(y, clusters)];
    if (goldenX === undefined || goldenY === undefined)
      return Number(goldenX === undefined) - Number(goldenY === undefined);
    return clusters.compareAge(goldenX, goldenY);
  };
  return (x, y) => x.strength - y.strength || byAge(x, y) || byIds(x, y);
}

function oldest({ a, b }: Evidence, clusters: Clusters): string | undefined {
  return [a.linkedTo, b.linkedTo]
    .filter((golden) => golden !== null)
    .sort((x, y) => clusters.compareAge(x, y))[0];
}

function byIds(x: Evidence, y: Evidence): number {
  return compareIds(x.a.recordId, y.a.recordId) || compareIds(x.b.recordId, y.b.recordId);
}

function mergeOperations(merges: ReadonlyMap<string, Evidence>, clusters: Clusters): MergeOperation[] {
  return [...merges]
    .map(([merged, { a, rule, reason }]): MergeOperation => {
      const survivor = clusters.of(a).goldens[0] ?? merged;
      return { kind: 'merge', survivor, merged, rule, reason };
    })
    .sort((x, y) => compareIds(x.survivor, y.survivor) || compareIds(x.merged, y.merged));
}

function placements(
  records: readonly MatchRecord[],
  clusters: Clusters,
  joined: readonly Evidence[],
): (LinkOperation | CreateGoldenOperation)[] {
  const ruleOf = new Map<string, MatchRule>();
  for (const { a, b, rule } of joined) {
    for (const { recordId } of [a, b]) if (!ruleOf.has(recordId)) ruleOf.set(recordId, rule);
  }
  const links: LinkOperation[] = [];
  const created = new Map<Cluster, { recordId: string; rule: MatchRule | 'new' }[]>();
  for (const record of records) {
    if (record.linkedTo !== null) continue;
    const { recordId } = record;
    const cluster = clusters.of(record);
    const goldenId = cluster.goldens[0];
    const rule = ruleOf.get(recordId);
    if (goldenId === undefined)
      created.set(cluster, [...(created.get(cluster) ?? []), { recordId, rule: rule ?? 'new' }]);
    else links.push({ kind: 'link', recordId, goldenId, rule: rule ?? 'decision' });
  }
  return [
    ...links,
    ...[...created.values()].map((own): CreateGoldenOperation => ({ kind: 'create', records: own })),
  ];
}

/** One for each two customers, by the strongest evidence, and only between such as still have a record somewhere. */
function candidates(asked: readonly Evidence[], clusters: Clusters): CandidateOperation[] {
  const numbers = new Map<Cluster, number>();
  const numberOf = (cluster: Cluster): number => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  };
  const bothLive = ({ a, b }: Evidence): number => Number(!(a.live && b.live));
  const found = new Map<string, Evidence>();
  for (const evidence of [...asked].sort(
    (x, y) => bothLive(x) - bothLive(y) || x.strength - y.strength || byIds(x, y),
  )) {
    const [x, y] = [clusters.of(evidence.a), clusters.of(evidence.b)];
    const contradictory = evidence.rule === 'decision';
    if (x === y || !isAlive(x) || !isAlive(y) || (!contradictory && clusters.areKeptApart(x, y))) continue;
    const key = [numberOf(x), numberOf(y)].sort((m, n) => m - n).join(' ');
    if (!found.has(key)) found.set(key, evidence);
  }
  return [...found.values()]
    .sort(byIds)
    .map(({ a, b, rule, reason }) => ({ kind: 'candidate', a: a.recordId, b: b.recordId, rule, reason }));
}

function isAlive(cluster: Cluster): boolean {
  return cluster.records.some((record) => record.live);
}
